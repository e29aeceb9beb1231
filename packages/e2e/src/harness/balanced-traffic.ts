import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface BalancedOptions {
  /** Addresses that all answer the same. */
  readonly hosts: readonly string[];
  readonly path: string;
  readonly clients: number;
  readonly pauseMs: number;
}

export interface BalancedResult {
  readonly sent: number;
  readonly failed: number;
  /** The first failures, with the time at which they happened. */
  readonly failures: readonly string[];
}

const TIMEOUT_MS = 15_000;
const SHOWN_FAILURES = 20;
/** Nothing was sent: a balancer takes the next one. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'EHOSTUNREACH']);

/**
 * Clients behind a load balancer: each request goes to the next host, and to another one only when no connection came
 * about. A request that was taken and not answered with 200 has failed, and so has one that nobody took.
 */
export function startBalancedTraffic({ hosts, path, clients, pauseMs }: BalancedOptions): {
  stop(): Promise<BalancedResult>;
} {
  const over = new AbortController();
  const failures: string[] = [];
  let sent = 0;
  let failed = 0;

  async function client(place: number): Promise<void> {
    for (let turn = place; !over.signal.aborted; turn += 1) {
      sent += 1;
      const problem = await askInTurn(turn);
      if (problem !== undefined) {
        failed += 1;
        if (failures.length < SHOWN_FAILURES) failures.push(`${new Date().toISOString()} ${problem}`);
      }
      await pause(pauseMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }

  async function askInTurn(turn: number): Promise<string | undefined> {
    const problems: string[] = [];
    for (let i = 0; i < hosts.length; i += 1) {
      const host = hosts[(turn + i) % hosts.length] ?? '';
      const { problem, isReached } = await ask(`http://${host}${path}`);
      if (problem === undefined) return undefined;
      problems.push(`${host}: ${problem}`);
      if (isReached) break;
    }
    return problems.join(', ');
  }

  const running = Promise.all(Array.from({ length: clients }, (_, place) => client(place)));
  return {
    async stop() {
      over.abort();
      await running;
      return { sent, failed, failures };
    },
  };
}

function ask(url: string): Promise<{ readonly problem?: string; readonly isReached: boolean }> {
  return new Promise((resolve) => {
    const agent = new Agent({ keepAlive: false });
    const call = request(url, { agent, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        resolve(
          answer.statusCode === 200
            ? { isReached: true }
            : { problem: `status ${String(answer.statusCode)}`, isReached: true },
        ),
      );
      answer.on('error', (error) =>
        resolve({ problem: `answer broken off: ${error.message}`, isReached: true }),
      );
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    call.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ problem: error.code ?? error.message, isReached: !NOT_REACHED.has(error.code ?? '') }),
    );
    call.end();
  });
}
