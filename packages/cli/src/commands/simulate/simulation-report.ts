import { shortNumber } from '@docker-flow/scaler/core/autoscaling/look/explain';
import { drawSimulation } from './draw-simulation.js';
import type { SimulatedStep } from './simulate-trace.js';
import { jsonText } from '../../report/json-text.js';

export type SimulationFormat = 'text' | 'json' | 'jsonl' | 'csv';

/** A simulation as it is printed. */
export function reportSimulation(steps: readonly SimulatedStep[], format: SimulationFormat): string {
  switch (format) {
    case 'json':
      return jsonText({ version: 1, steps: steps.map(plain), summary: summaryOf(steps) });
    case 'jsonl':
      return steps.map((step) => `${JSON.stringify(plain(step))}\n`).join('');
    case 'csv':
      return [HEAD, ...steps.map(csvLine)].join('\n') + '\n';
    case 'text':
      return textOf(steps);
  }
}

const HEAD = 'time,current,desired,reason,limitedBy,stabilized,proposal';

function plain({ at, current, desired, reason, limitedBy, stabilized, proposal }: SimulatedStep) {
  return { at, current, desired, reason, limitedBy, stabilized, proposal };
}

function csvLine(step: SimulatedStep): string {
  return Object.values(plain(step))
    .map((value) => value ?? '')
    .join(',');
}

function summaryOf(steps: readonly SimulatedStep[]) {
  const counts = steps.map(({ desired }) => desired);
  return {
    ups: steps.filter(({ current, desired }) => desired > current).length,
    downs: steps.filter(({ current, desired }) => desired < current).length,
    max: counts.reduce((most, count) => Math.max(most, count), 0),
    min: counts.reduce((least, count) => Math.min(least, count), Infinity),
  };
}

/** Rows in which nothing moves are as the row before them. */
function textOf(steps: readonly SimulatedStep[]): string {
  const told = steps.filter(
    (step, i) => i === 0 || step.desired !== step.current || step.reason !== steps[i - 1]?.reason,
  );
  const rows = told.map(({ at, current, desired, reason, metrics, limitedBy, stabilized }) => [
    timeText(at),
    String(current),
    String(desired),
    reason,
    metrics
      .map(({ name, value, target, failed }) =>
        failed === undefined
          ? `${name} ${value === undefined ? '–' : shortNumber(value)}/${shortNumber(target)}`
          : `${name}: ${failed}`,
      )
      .join(', '),
    [limitedBy ?? '', stabilized === null ? '' : `window ${stabilized}`].filter(Boolean).join(', '),
  ]);
  const { ups, downs, max, min } = summaryOf(steps);
  return [
    table([['time', 'current', 'desired', 'reason', 'metrics (value/target)', 'limit'], ...rows]),
    '',
    ...drawSimulation(steps),
    '',
    `${steps.length} looks: ${ups} up, ${downs} down, between ${min} and ${max} replicas`,
    '',
  ].join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Small numbers are seconds of a made-up trace. */
function timeText(at: number): string {
  return at < 1e8 ? `${at}s` : new Date(at * 1_000).toISOString().replace('.000Z', 'Z');
}
