import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted, untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { NotFoundError } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { startChild, type Child } from '@docker-flow/daemon/process/child-process';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { formatFlags, flagValue, type Flag } from '../core/prometheus/flags.js';
import { prometheusUrl } from '../core/prometheus/prometheus-address.js';
import type { PrometheusServer, ReloadResult } from '../ports.js';
import { createLogWatcher } from './log-watcher.js';
import { createPrometheusPages } from './prometheus-pages.js';
import { LATE_LINE_MS, reloadByRequest, reloadBySignal } from './reload-prometheus.js';
import { createLoads, loadLimitMs, type LoadLimits } from './unfinished-load.js';

export interface PrometheusOptions {
  /** Looked up through PATH. */
  readonly command?: string;
  readonly flags: readonly Flag[];
  readonly http: HttpClient;
  readonly logger: Logger;
  /** Where the lines of the child go. */
  readonly print: (line: string, stream: 'stdout' | 'stderr') => void;
  readonly limits?: Partial<PrometheusLimits>;
}

export interface PrometheusLimits extends LoadLimits {
  /** How long a reload waits for a server that is still starting. */
  readonly readyMs: number;
  /** How much longer the answer to a signal is awaited before another one is sent. */
  readonly lostMs: number;
  /** Pause before a program that was not found is looked for again. */
  readonly retryStartMs: number;
  /** How long the child may take to end. */
  readonly stopMs: number;
}

const LIMITS: PrometheusLimits = {
  readyMs: 8_000,
  reloadMs: 10_000,
  reloadMsPerMegabyte: 10_000,
  lostMs: 60_000,
  retryStartMs: 5_000,
  stopMs: 7_000,
};

/** Our own Prometheus: a child process that ends the program when it ends on its own. */
export interface Prometheus extends PrometheusServer {
  /** Starts the child. A program that cannot be found is tried again now and then, in the background. */
  start(): Promise<void>;
  readonly actor: Actor;
  /** Why evaluations of rules fail, by the name of the rule; `undefined` when Prometheus does not tell. */
  ruleErrors(): Promise<ReadonlyMap<string, string> | undefined>;
  /** Why Prometheus cannot be reloaded now; `undefined` when it runs. */
  notRunning(): string | undefined;
}

export function createPrometheus({
  command = 'prometheus',
  flags,
  http,
  logger,
  print,
  limits,
}: PrometheusOptions): Prometheus {
  const { readyMs, lostMs, retryStartMs, stopMs, ...loadLimits } = { ...LIMITS, ...limits };
  const pages = createPrometheusPages(http, prometheusUrl(flags));
  const hasLifecycle = ['', 'true'].includes(flagValue(flags, 'web.enable-lifecycle') ?? 'no');
  const log = createLogWatcher();
  const oneLoad = createLoads();
  let child: Child | undefined;
  let startFailure = 'Prometheus has not been started yet';
  let isReady = false;

  function onLine(line: string, stream: 'stdout' | 'stderr'): void {
    print(line, stream);
    log.onLine(line);
  }

  async function tryStart(): Promise<void> {
    try {
      child = await startChild({ command, args: formatFlags(flags), onLine });
      logger.info('Prometheus is started', { pid: child.pid, flags: flags.map(({ name }) => name) });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      if (startFailure !== error.message)
        logger.error('Prometheus cannot be started, trying again now and then', { err: error });
      startFailure = error.message;
    }
  }

  /** Before that, a signal could end the child or be lost. */
  async function untilReady(): Promise<boolean> {
    const deadline = performance.now() + readyMs;
    for (let pauseMs = 10; !isReady && child?.running(); pauseMs = Math.min(200, pauseMs * 2)) {
      const seen = log.linesSeen();
      isReady = log.lineOf('ready') !== undefined || (await pages.isReady());
      // A page may be faster than the lines; they must not be taken for the answer to the first signal.
      if (isReady && log.lineOf('ready') === undefined) await log.nextLine(LATE_LINE_MS, seen);
      if (isReady || performance.now() > deadline) break;
      await log.nextLine(pauseMs, seen);
    }
    return isReady && child?.running() === true;
  }

  async function whyNotReady(): Promise<string | undefined> {
    const target = child;
    if (!target) return startFailure;
    if (await untilReady()) return undefined;
    return target.running() ? 'Prometheus is not ready yet' : 'Prometheus has ended';
  }

  async function load(target: Child, longestMs: number): Promise<ReloadResult> {
    const byRequest = hasLifecycle ? await reloadByRequest({ pages, log }) : undefined;
    return byRequest ?? reloadBySignal({ pages, log }, target, longestMs);
  }

  return {
    async start() {
      await tryStart();
    },
    ruleErrors: async () => (child?.running() ? pages.ruleErrors() : undefined),
    notRunning: () => (child?.running() ? undefined : startFailure),
    whyNotReady,
    async reload(characters) {
      const target = child;
      const reason = await whyNotReady();
      if (!target || reason !== undefined) return { kind: 'failed', reason: reason ?? startFailure };
      const limitMs = loadLimitMs(loadLimits, characters);
      return oneLoad(() => load(target, limitMs + lostMs), limitMs);
    },
    actor: {
      name: 'prometheus',
      async run(signal) {
        while (!child && !isAborted(signal)) {
          await sleep(retryStartMs, signal);
          if (!isAborted(signal)) await tryStart();
        }
        if (!child) return 0;
        const stopped = untilAborted(signal).then(() => 'stopped' as const);
        const first = await Promise.race([child.exited, stopped]);
        if (first === 'stopped') return statusOf(await child.stop({ graceMs: stopMs }), 'stopped');
        logger.error('Prometheus has ended on its own', { code: first.code, signal: first.signal });
        startFailure = 'Prometheus has ended';
        return statusOf(first, 'ended');
      },
    },
  };
}

/** The exit status of the program: that of its child, but a child that ended on its own is never a success. */
function statusOf(exit: Awaited<Child['exited']>, how: 'stopped' | 'ended'): number {
  if (exit.code !== null && exit.code !== 0) return exit.code;
  if (how === 'ended') return 1;
  return exit.code === 0 || exit.signal === 'SIGTERM' ? 0 : 1;
}
