import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';

/** `dflow schema`: JSON Schema for editors. */
export function addSchema({ program, io, end }: CommandContext): void {
  program
    .command('schema')
    .description('JSON Schema of labels, or of a whole stack file, for editors.')
    .addOption(
      new Option('--form <form>', 'labels in the mapping or the list form, or a whole stack')
        .choices(['labels', 'list', 'stack'])
        .default('labels'),
    )
    .action(async ({ form }: { readonly form: 'labels' | 'list' | 'stack' }) => {
      const { jsonText } = await import('../../report/json-text.js');
      const { CATALOGUE, labelListSchema, labelSchema, stackSchema } = await import('@docker-flow/labels');
      const make = { labels: labelSchema, list: labelListSchema, stack: stackSchema }[form];
      await io.writeResult(jsonText(make(CATALOGUE)));
      end(0);
    });
}
