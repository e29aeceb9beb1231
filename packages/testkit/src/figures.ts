import { appendFileSync } from 'node:fs';

/** One measured figure, beside what it should be and what the original Go program needed, where that was measured. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The most it may be. */
  readonly goal?: number;
  /** The least it may be. */
  readonly atLeast?: number;
  readonly original?: number;
}

/**
 * Prints a line of a benchmark's report; a goal that is missed also shows in the exit status. The file that
 * BENCH_FIGURES names gets the figure as a line of JSON.
 */
export function report(figure: Figure): void {
  process.stdout.write(`${formatFigure(figure)}\n`);
  const file = process.env['BENCH_FIGURES'] ?? '';
  if (file !== '') appendFileSync(file, `${JSON.stringify(figure)}\n`);
  if (isMissed(figure)) process.exitCode = 1;
}

/** The figure with its share of the goal and of the original's figure. */
export function formatFigure(figure: Figure): string {
  const { what, value, unit, goal, atLeast, original } = figure;
  const compared = [
    ...(goal === undefined ? [] : [`goal ≤ ${share(value, goal, unit)}`]),
    ...(atLeast === undefined ? [] : [`goal ≥ ${share(value, atLeast, unit)}`]),
    ...(isMissed(figure) ? ['MISSED'] : []),
    ...(original === undefined ? [] : [`original ${share(value, original, unit)}`]),
  ];
  return `${what.padEnd(68)} ${withUnit(value, unit).padStart(12)}   ${compared.join('   ')}`.trimEnd();
}

/** What could not be measured is missed, too. */
export function isMissed({ value, goal, atLeast }: Omit<Figure, 'what' | 'unit'>): boolean {
  return (goal !== undefined && !(value <= goal)) || (atLeast !== undefined && !(value >= atLeast));
}

/** `part`: 0.5 for the median, 1 for the largest. `NaN` without samples. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

function share(value: number, of: number, unit: string): string {
  return `${withUnit(of, unit)}${of === 0 ? '' : ` (${(value / of).toFixed(2)} of it)`}`;
}

function withUnit(value: number, unit: string): string {
  const number = value.toFixed(Number.isInteger(value) ? 0 : value < 10 ? 2 : 1);
  return `${number} ${unit}`.trimEnd();
}
