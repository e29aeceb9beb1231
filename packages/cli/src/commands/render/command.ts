import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { addStackOptions, FILES } from '../stack-options.js';
import { RENDER_PARTS, type RenderOptions } from './options.js';

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
