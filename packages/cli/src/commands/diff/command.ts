import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { addStackOptions, collect, FILES } from '../stack-options.js';
import type { DiffOptions } from './options.js';

/** `dflow diff`: what changes if these stacks are deployed. */
export function addDiff({ program, io, end }: CommandContext): void {
  addStackOptions(program.command('diff').description('What changes if these stacks are deployed.'))
    .argument(...FILES)
    .option('--base <file>', 'the old side; files are merged, the later wins', collect, [])
    .option('--against <where>', 'the old side: address of a running listener, or docker')
    .addOption(new Option('--format <form>', 'form of the result').choices(['text', 'json']).default('text'))
    .action(async (files: string[], options: DiffOptions) => {
      const { runDiff } = await import('./run-diff.js');
      end(await runDiff(files, options, io));
    });
}
