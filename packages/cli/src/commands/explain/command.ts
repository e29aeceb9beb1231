import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { addStackOptions, collect, FILES } from '../stack-options.js';
import type { ExplainOptions } from './options.js';

/** `dflow explain`: which route takes a request, or what the labels of a service do. */
export function addExplain({ program, io, end }: CommandContext): void {
  addStackOptions(
    program
      .command('explain')
      .description('Which route takes a request and why, or what the labels of a service do.'),
  )
    .argument(...FILES)
    .option('--url <url>', 'the request')
    .option('--header <header>', 'a header of the request, Name: value', collect, [])
    .option('--port <port>', 'port of the proxy; else that of the URL')
    .option('--service <name>', 'the service whose labels are explained')
    .option('--against <url>', 'asks a running proxy instead')
    .addOption(new Option('--format <form>', 'form of the result').choices(['text', 'json']).default('text'))
    .action(async (files: string[], options: ExplainOptions) => {
      const { runExplain } = await import('./run-explain.js');
      end(await runExplain(files, options, io));
    });
}
