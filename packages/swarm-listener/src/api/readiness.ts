import type { StreamState } from '../watch/event-stream.js';

/** Whether the listener does its work, and what of it does not. */
export interface Readiness {
  readonly ready: boolean;
  readonly problems: readonly string[];
  readonly streams: Readonly<
    Record<string, { readonly open: boolean; readonly since: string; readonly reason?: string }>
  >;
}

export interface ReadinessInput {
  /** Comparisons that must have been made once, by name. */
  readonly synced: Readonly<Record<string, boolean>>;
  /** How the last call to Docker went. */
  readonly docker: { readonly answering: boolean; readonly reason: string | undefined };
  readonly streams: Readonly<Record<string, StreamState>>;
}

/**
 * Ready: Docker answers and the initial syncs are done. A stream that is down is said but does not count:
 * it is opened again within a second, and comparisons find what it did not tell.
 */
export function readinessOf({ synced, docker, streams }: ReadinessInput): Readiness {
  const problems = [
    ...(docker.answering ? [] : [`Docker does not answer: ${docker.reason ?? 'not asked yet'}`]),
    ...Object.entries(synced).flatMap(([name, done]) => (done ? [] : [`${name} have not been listed yet`])),
  ];
  return {
    ready: problems.length === 0,
    problems,
    streams: Object.fromEntries(
      Object.entries(streams).map(([name, { open, sinceMs, reason }]) => [
        name,
        { open, since: iso(sinceMs), ...(reason === undefined ? {} : { reason }) },
      ]),
    ),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
