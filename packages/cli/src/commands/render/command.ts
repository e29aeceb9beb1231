import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { addStackOptions, FILES, type StackOptions } from '../stack-options.js';

/** `dflow render`: what would become of the labels of a stack. */
export function addRender({ program, io, end }: CommandContext): void {
  addStackOptions(
    program
      .command('render')
      .description('What would become of stacks: routes, jobs, rules and notifications.'),
  )
    .argument(...FILES)
    .addOption(new Option('--only <part>', 'one part alone').choices(RENDER_PARTS))
    .option('--service <name>', 'one service alone')
    .addOption(new Option('--format <form>', 'form of the result').choices(['text', 'json']).default('text'))
    .option('--no-raw', 'the operator says ALLOW_RAW_LABELS=false')
    .option('--promtool <path>', 'promtool, or never')
    .option('--haproxy <path>', 'haproxy, or never')
    .action(async (files: string[], options: RenderOptions) => {
      const { runRender } = await import('./run-render.js');
      end(await runRender(files, options, io));
    });
}

/** What can be shown alone. */
export const RENDER_PARTS = ['haproxy.cfg', 'prometheus.yml', 'alert.rules', 'notifications'] as const;

/** What the command line says, as commander gives it. */
export interface RenderOptions extends StackOptions {
  readonly only?: (typeof RENDER_PARTS)[number];
  readonly service?: string;
  readonly format: 'text' | 'json';
  readonly raw: boolean;
  readonly promtool?: string;
  readonly haproxy?: string;
}
