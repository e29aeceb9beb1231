/** One measured figure, beside what it should be and what the original Go program needed. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** At most this. */
  readonly goal?: number;
  /** Of the original program on Prometheus 2.42. */
  readonly original?: number;
}

export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

const HEAD = ['', 'now', 'goal', 'of the goal', 'original', 'of the original'];

/** The figures as a table, each with its share of the goal and of the original's figure. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf({ what, value, unit, goal, original }: Figure): readonly string[] {
  const share = (of: number | undefined) => (of === undefined ? '' : (value / of).toFixed(2));
  const missed = isMissed({ value, goal }) ? ' MISSED' : '';
  return [
    what,
    `${number(value)} ${unit}`,
    goal === undefined ? '' : `≤ ${goal} ${unit}`,
    share(goal) + missed,
    original === undefined ? '' : `${original} ${unit}`,
    share(original),
  ];
}

export function isMissed({
  value,
  goal,
}: Pick<Figure, 'value'> & { readonly goal?: number | undefined }): boolean {
  return goal !== undefined && !(value <= goal);
}

function number(value: number): string {
  return value.toFixed(Number.isInteger(value) ? 0 : value < 10 ? 2 : 1);
}
