import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { readPrometheusLine, type LogEvent } from '../core/prometheus/prometheus-log.js';

/** Follows the lines that Prometheus prints: the latest of each event, and the first errors. */
export interface LogWatcher {
  onLine(line: string): void;
  /** The latest line that told this event; `undefined` when there was none since the last `forget`. */
  lineOf(event: Exclude<LogEvent, 'error'>): string | undefined;
  /** Whether such a line has come at all. */
  hasTold(event: Exclude<LogEvent, 'error'>): boolean;
  /** Forgets what the lines said of loads and errors; that the server is ready stays. */
  forget(): void;
  /** The first errors since the last `forget`. */
  errors(): readonly string[];
  /** How many lines meant something so far. */
  linesSeen(): number;
  /** Resolves when more lines than `seen` have come, or after the pause. */
  nextLine(pauseMs: number, seen: number): Promise<void>;
}

/** So that errors without end take no memory. */
const MOST_ERRORS = 5;

export function createLogWatcher(): LogWatcher {
  const lines = new Map<LogEvent, string>();
  const told = new Set<LogEvent>();
  const errors: string[] = [];
  let linesSeen = 0;
  let wake: () => void = () => undefined;
  return {
    onLine(line) {
      const event = readPrometheusLine(line);
      if (event === undefined) return;
      told.add(event);
      if (event !== 'error') lines.set(event, line);
      else if (errors.length < MOST_ERRORS) errors.push(line);
      else return;
      linesSeen += 1;
      wake();
    },
    lineOf: (event) => lines.get(event),
    hasTold: (event) => told.has(event),
    forget() {
      lines.delete('loaded');
      lines.delete('rejected');
      errors.length = 0;
    },
    errors: () => errors,
    linesSeen: () => linesSeen,
    async nextLine(pauseMs, seen) {
      if (linesSeen > seen) return;
      const early = new AbortController();
      wake = () => early.abort();
      await sleep(pauseMs, early.signal);
    },
  };
}
