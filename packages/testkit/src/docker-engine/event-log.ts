import { labelFits, passes, type Filters } from './filters.js';
import type { EngineEvent } from './objects.js';

/** The engine keeps this many events for `since`, all types together. */
const KEPT_EVENTS = 256;

/** Where events go: one open `GET /events`. */
export interface EventStream {
  readonly filters: Filters;
  write(event: EngineEvent): void;
  end(how: 'end' | 'reset'): void;
}

export interface EventLog {
  publish(event: EngineEvent): void;
  open(stream: EventStream): () => void;
  /** Past events between two moments, milliseconds, both included. */
  past(filters: Filters, sinceMs: number, untilMs: number): readonly EngineEvent[];
  /** Ends all open streams; answers how many there were. */
  drop(how: 'end' | 'reset'): number;
  /** While muted, streams stay open and nothing comes, like those of a manager that is cut off. */
  mute(muted: boolean): void;
  /** A daemon that restarts has forgotten its past. */
  forget(): void;
  openStreams(): number;
}

export function createEventLog(): EventLog {
  const streams = new Set<EventStream>();
  let kept: EngineEvent[] = [];
  let muted = false;
  return {
    publish(event) {
      kept.push(event);
      if (kept.length > KEPT_EVENTS) kept = kept.slice(-KEPT_EVENTS);
      if (muted) return;
      for (const stream of streams) if (eventFits(event, stream.filters)) stream.write(event);
    },
    open(stream) {
      streams.add(stream);
      return () => streams.delete(stream);
    },
    past: (filters, sinceMs, untilMs) =>
      kept.filter((event) => {
        const atMs = event.timeNano / 1e6;
        return atMs >= sinceMs && atMs <= untilMs && eventFits(event, filters);
      }),
    drop(how) {
      const open = [...streams];
      streams.clear();
      for (const stream of open) stream.end(how);
      return open.length;
    },
    mute(value) {
      muted = value;
    },
    forget() {
      kept = [];
    },
    openStreams: () => streams.size,
  };
}

function eventFits(event: EngineEvent, filters: Filters): boolean {
  const { Attributes: attributes, ID: id } = event.Actor;
  const names = (type: string) => (value: string) =>
    event.Type === type && (id.startsWith(value) || (attributes['name']?.startsWith(value) ?? false));
  return passes(filters, {
    type: (value) => event.Type === value,
    event: (value) => event.Action === value,
    scope: (value) => event.scope === value,
    label: (value) => labelFits(attributes, value),
    service: names('service'),
    node: names('node'),
  });
}
