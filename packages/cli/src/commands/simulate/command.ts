import type { CommandContext } from '../../command-context.js';
import { CannotRunError } from '../../exit-status.js';

interface SimulateOptions {
  readonly batch?: true;
  readonly format?: string;
}

/** `dflow simulate`: what the autoscaler would have decided. */
export function addSimulate({ program, io, end }: CommandContext): void {
  program
    .command('simulate')
    .description('What the autoscaler would decide, on recorded data.')
    .option('--batch', 'each line of standard input is a case; each line of the output its decisions')
    .option('--format <form>', 'jsonl', 'jsonl')
    .action(async ({ batch, format }: SimulateOptions) => {
      if (!batch) throw new CannotRunError('simulate: give --batch and cases on standard input');
      if (format !== 'jsonl') throw new CannotRunError('simulate: --batch needs --format jsonl');
      const { simulateBatch } = await import('./simulate-batch.js');
      end(await simulateBatch(io));
    });
}
