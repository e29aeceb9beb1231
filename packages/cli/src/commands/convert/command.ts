import { Option } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { collect } from '../stack-options.js';
import type { ConvertOptions } from './options.js';

/** `dflow convert`: a stack with labels of ours in the place of those of another proxy. */
export function addConvert({ program, io, end }: CommandContext): void {
  program
    .command('convert')
    .description('Prints a stack with labels of ours in the place of those of Traefik or caddy-docker-proxy.')
    .argument('<file>', 'the stack file; - is standard input')
    .addOption(
      new Option('--from <proxy>', 'whose labels they are')
        .choices(['traefik', 'caddy'])
        .makeOptionMandatory(),
    )
    .option('--entry-point <name=port>', 'port of an entry point of Traefik', collect, [])
    .action(async (file: string, options: ConvertOptions) => {
      const { runConvert } = await import('./run-convert.js');
      end(await runConvert(file, options, io));
    });
}
