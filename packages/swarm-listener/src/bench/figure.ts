/** One measured figure, with what it shall be and what the original Go program did, where that was measured. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The most it may be. */
  readonly goal?: number;
  readonly original?: number;
}

/** A line of the report; a goal that is missed also shows in the exit status. */
export function show({ what, value, unit, goal, original }: Figure): void {
  const compared = [
    ...(goal === undefined ? [] : [`${ratio('goal', value, goal, unit)}${value > goal ? ' MISSED' : ''}`]),
    ...(original === undefined ? [] : [ratio('original', value, original, unit)]),
  ];
  const figure = `${value.toFixed(1)} ${unit}`;
  process.stdout.write(
    `${what.padEnd(58)} ${figure.padStart(10)}   ${compared.join('   ')}`.trimEnd() + '\n',
  );
  if (goal !== undefined && value > goal) process.exitCode = 1;
}

function ratio(name: string, value: number, other: number, unit: string): string {
  return `${name} ${other} ${unit} (${(value / other).toFixed(2)} of it)`;
}

/** `part`: 0.5 for the median, 1 for the largest. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
