import type { Policy } from '@docker-flow/scaler/core/autoscaling/policy/policy';
import { CannotRunError } from '../../exit-status.js';
import { parseCsvLine } from './csv-line.js';
import { simulationStep, type SimulationStep } from './simulation-case.js';

/** A step whose count may follow from the step before. */
export type TraceStep = Omit<SimulationStep, 'current'> & {
  readonly current?: number | undefined;
  /** What an alert asked for, where alerts scale. */
  readonly scale?: 'up' | 'down' | undefined;
};

/** What a trace is read with: names of metrics, and what tasks have reserved. */
export interface TraceMetrics {
  readonly metrics: Policy['metrics'];
  /** By metric; a percentage column needs none. */
  readonly requests: Readonly<Record<string, number>>;
}

const traceStep = simulationStep.partial({ current: true });

/**
 * Reads JSON lines, each a step, or CSV.
 *
 * @throws {CannotRunError} naming the line
 */
export function readTrace(name: string, text: string, metrics: TraceMetrics): readonly TraceStep[] {
  const lines = text.split(/\r?\n/).map((line, i) => ({ line: line.trim(), place: `${name}:${i + 1}` }));
  const filled = lines.filter(({ line }) => line !== '');
  const [head, ...rows] = filled;
  if (!head) throw new CannotRunError(`${name}: is empty`);
  const steps = head.line.startsWith('{')
    ? filled.map(({ line, place }) => readJsonStep(line, place))
    : rows.map(({ line, place }) => readRow(parseCsvLine(head.line), line, place, metrics));
  steps.forEach(({ at }, i) => {
    const before = steps[i - 1];
    if (before && at <= before.at)
      throw new CannotRunError(`${name}: step ${i + 1} is not later than the one before`);
  });
  return steps;
}

function readJsonStep(line: string, place: string): TraceStep {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new CannotRunError(`${place}: is not JSON`);
  }
  const read = traceStep.safeParse(json);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new CannotRunError(`${place}: ${problems.join('; ')}`);
}

function readRow(
  columns: readonly string[],
  line: string,
  place: string,
  { metrics, requests }: TraceMetrics,
): TraceStep {
  const cells = parseCsvLine(line);
  const cell = (column: string) => {
    const text = cells[columns.indexOf(column)];
    return text === undefined || text === '' ? undefined : text;
  };
  const at = readTime(cell('time') ?? '');
  if (at === undefined) throw new CannotRunError(`${place}: the time is neither seconds nor an ISO time`);
  const replicas = cell('replicas');
  const current = replicas === undefined ? undefined : Number(replicas);
  if (current !== undefined && !(Number.isInteger(current) && current >= 0))
    throw new CannotRunError(`${place}: replicas=${replicas ?? ''} is not a count`);
  const scale = cell('scale');
  const values = new Map(
    columns.flatMap((column) => {
      const text = cell(column);
      return text === undefined ? [] : [[column, numberOr(text)] as const];
    }),
  );
  const ofTasks = metrics.filter(({ per, name }) => per === 'task' && columns.includes(name));
  return {
    at,
    current,
    ...(scale === 'up' || scale === 'down' ? { scale } : {}),
    scalar: Object.fromEntries(
      metrics.filter(({ per }) => per === 'service').map(({ name }) => [name, values.get(name) ?? null]),
    ),
    // One number for all tasks: each of them has it. How many there are follows from the count.
    ...(ofTasks.length === 0
      ? {}
      : {
          tasks: [
            {
              id: EVERY_TASK,
              ready: true,
              startedSecondsAgo: 86_400,
              request: Object.fromEntries(ofTasks.map(({ name }) => [name, requests[name] ?? 1])),
              samples: Object.fromEntries(
                ofTasks.map(({ name, type }) => [name, sampleOf(values.get(name), type, requests[name])]),
              ),
            },
          ],
        }),
  };
}

/** A task that stands for each of them. */
export const EVERY_TASK = '*';

/** A percentage of the reservation as its amount. */
function sampleOf(value: number | string | undefined, type: string, request = 1): number | string | null {
  if (typeof value !== 'number') return value ?? null;
  return type === 'utilization' ? (value / 100) * request : value;
}

/** Seconds since 1970, or an ISO time. */
export function readTime(text: string): number | undefined {
  if (/^-?[0-9]+(?:\.[0-9]+)?$/.test(text)) return Number(text);
  const ms = /^[0-9]{4}-/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? undefined : ms / 1_000;
}

function numberOr(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
