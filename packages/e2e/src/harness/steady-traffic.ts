import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What came of requests that were sent until somebody said stop. */
export interface SteadyResult {
  readonly sent: number;
  readonly failed: number;
  /** The first failures, with the time at which they happened. */
  readonly failures: readonly string[];
  /** How often each value of the header `countBy` came. */
  readonly values: ReadonlyMap<string, number>;
}

export interface SteadyTraffic {
  readonly sent: () => number;
  /** Lets requests in flight finish. */
  stop(): Promise<SteadyResult>;
}

export interface SteadyOptions {
  readonly url: string;
  /** Whether a client keeps its connection for the next request, or opens one for each. */
  readonly keepAlive: boolean;
  /** Clients that each have one request under way. */
  readonly clients: number;
  /** How long each client waits between two requests. */
  readonly pauseMs?: number;
  readonly timeoutMs?: number;
  /** A header of the answers whose values are counted, in small letters. */
  readonly countBy?: string;
}

const SHOWN_FAILURES = 20;

/** Clients that send one GET after the other and never a second time: what is not 200 has failed. */
export function startSteadyTraffic(options: SteadyOptions): SteadyTraffic {
  const { url, keepAlive, clients, pauseMs = 0, timeoutMs = 15_000, countBy } = options;
  const stop = new AbortController();
  const failures: string[] = [];
  const values = new Map<string, number>();
  let sent = 0;
  let failed = 0;

  async function client(): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!stop.signal.aborted) {
      sent += 1;
      const { problem, headers } = await answerTo(url, agent, timeoutMs);
      const value = countBy === undefined ? undefined : headers[countBy];
      if (typeof value === 'string') values.set(value, (values.get(value) ?? 0) + 1);
      if (problem !== undefined) {
        failed += 1;
        if (failures.length < SHOWN_FAILURES) failures.push(`${new Date().toISOString()} ${problem}`);
      }
      if (pauseMs > 0) await pause(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    agent.destroy();
  }

  const running = Promise.all(Array.from({ length: clients }, client));
  return {
    sent: () => sent,
    async stop() {
      stop.abort();
      await running;
      return { sent, failed, failures, values };
    },
  };
}

interface Answer {
  readonly problem?: string;
  readonly headers: IncomingHttpHeaders;
}

function answerTo(url: string, agent: Agent, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (problem: string) => resolve({ problem, headers: {} });
    const call = request(url, { agent, timeout: timeoutMs }, (answer) => {
      const { statusCode, headers } = answer;
      answer.resume();
      answer.on('end', () =>
        resolve({ headers, ...(statusCode !== 200 && { problem: `status ${statusCode}` }) }),
      );
      answer.on('error', (error) => failed(`answer broken off: ${error.message}`));
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    call.on('error', (error: NodeJS.ErrnoException) => failed(`${error.code ?? ''} ${error.message}`));
    call.end();
  });
}
