import { percentile } from '@docker-flow/testkit';

/** Milliseconds of several runs, as one line of a report. */
export function describeMs(name: string, samplesMs: readonly number[]): string {
  const at = (share: number) => percentile(samplesMs, share);
  const figures = [
    `p50 ${format(at(0.5))}`,
    `p95 ${format(at(0.95))}`,
    `p99 ${format(at(0.99))}`,
    `max ${format(at(1))}`,
    `n=${samplesMs.length}`,
  ];
  return `${name.padEnd(62)} ${figures.join('   ')}`;
}

function format(ms: number): string {
  return `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`.padStart(9);
}
