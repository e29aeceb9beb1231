import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { CannotRunError } from '../../exit-status.js';
import { addStackOptions, collect, FILES } from '../stack-options.js';
import type { SimulateOptions } from './simulate-options.js';

/** `dflow simulate`: what the autoscaler would have decided. */
export function addSimulate({ program, io, end }: CommandContext): void {
  addStackOptions(
    program.command('simulate').description('What the autoscaler would decide, on recorded data.'),
  )
    .argument(...FILES)
    .option('--policy <file>', 'the policy, as JSON or YAML')
    .option('--service <name>', 'the service of the stack files whose labels are the policy')
    .option('--trace <file>', 'recorded data: JSON lines, or CSV with the head time,replicas,METRIC…')
    .option('--prometheus <url>', 'reads the data from a Prometheus instead')
    .option('--from <time>', 'with --prometheus: ISO time, or seconds since 1970')
    .option('--to <time>', 'with --prometheus: the end; now when absent')
    .option('--step <duration>', 'with --prometheus: time between two looks', '15s')
    .option(
      '--request <metric=number>',
      'what each task has reserved for a metric, where the stack files do not say it',
      collect,
      [],
    )
    .option('--follow', 'ignores recorded counts after the first')
    .option('--batch', 'each line of standard input is a case; each line of the output its decisions')
    .addOption(
      new Option('--format <form>', 'form of the result')
        .choices(['text', 'json', 'jsonl', 'csv'])
        .default('text'),
    )
    .action(async (files: string[], options: SimulateOptions) => {
      if (options.batch) {
        if (options.format !== 'jsonl') throw new CannotRunError('simulate: --batch needs --format jsonl');
        const { simulateBatch } = await import('./simulate-batch.js');
        end(await simulateBatch(io));
        return;
      }
      const { runSimulate } = await import('./run-simulate.js');
      end(await runSimulate(files, options, io));
    });
}
