import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { addStackOptions } from '../stack-options.js';
import type { StatusOptions } from './options.js';

/** `dflow status`: whether the labels of a stack are live. */
export function addStatus({ program, io, end }: CommandContext): void {
  addStackOptions(program.command('status').description('Whether the labels of stacks are live.'))
    .argument('[files and services...]', 'stack files, and names of services to look at; none: all')
    .option('--listener <url>', 'the listener to ask')
    .option('--proxy <url>', 'the proxy to ask')
    .option('--monitor <url>', 'the monitor to ask')
    .option('--prometheus <url>', 'the Prometheus to ask')
    .option('--scaler <url>', 'the scaler to ask')
    .option('--wait <duration>', 'asks until all is well or this time is over')
    .option('--interval <duration>', 'pause between two looks', '1s')
    .addOption(new Option('--format <form>', 'form of the result').choices(['text', 'json']).default('text'))
    .action(async (words: string[], options: StatusOptions) => {
      const { runStatus } = await import('./run-status.js');
      end(await runStatus(words, options, io));
    });
}
