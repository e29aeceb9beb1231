import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';
import type { LabelsOptions } from './options.js';

/** `dflow labels`: the catalogue. */
export function addLabels({ program, io, end }: CommandContext): void {
  program
    .command('labels')
    .description('All labels, or one of them in full.')
    .argument('[name]', 'a label, with or without prefix and number')
    .option('--reader <program>', 'only those that this program reads')
    .addOption(
      new Option('--format <form>', 'form of the result')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .action(async (name: string | undefined, options: LabelsOptions) => {
      const { runLabels } = await import('./run-labels.js');
      end(await runLabels(name, options, io));
    });
}
