import { Argument } from 'commander';
import type { CommandContext } from '../../command-context.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** `dflow completion`: a script that completes command lines of this tool. */
export function addCompletion({ program, io, end }: CommandContext): void {
  program
    .command('completion')
    .description('A script that completes command lines: source <(dflow completion bash).')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { completionScript } = await import('./completion-script.js');
      await io.writeResult(completionScript(shell, program));
      end(0);
    });
}
