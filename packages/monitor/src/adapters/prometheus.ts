import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { NotFoundError } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { startChild, type Child } from '@docker-flow/daemon/process/child-process';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { formatFlags, flagValue, type Flag } from '../core/prometheus/flags.js';
import { prometheusUrl } from '../core/prometheus/prometheus-address.js';
import {
  readPrometheusLine,
  readReloadState,
  reasonInLine,
  type ReloadState,
} from '../core/prometheus/prometheus-log.js';
import type { PrometheusServer, ReloadResult } from '../ports.js';

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

export interface PrometheusLimits {
  /** How long a reload waits for a server that is still starting. */
  readonly readyMs: number;
  /** How long Prometheus may take to load the configuration. */
  readonly reloadMs: number;
  /** Pause before a program that was not found is looked for again. */
  readonly retryStartMs: number;
  /** How long the child may take to end. */
  readonly stopMs: number;
}

const LIMITS: PrometheusLimits = { readyMs: 8_000, reloadMs: 10_000, retryStartMs: 5_000, stopMs: 7_000 };

/** How much later a line may come than the page that says the same. */
const LATE_LINE_MS = 100;

/** Our own Prometheus: a child process that ends the program when it ends on its own. */
export interface Prometheus extends PrometheusServer {
  /** Starts the child. A program that cannot be found is tried again now and then, in the background. */
  start(): Promise<void>;
  readonly actor: Actor;
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
  const { readyMs, reloadMs, retryStartMs, stopMs } = { ...LIMITS, ...limits };
  const url = prometheusUrl(flags);
  const hasLifecycle = ['', 'true'].includes(flagValue(flags, 'web.enable-lifecycle') ?? 'no');
  const news = createNews();
  let child: Child | undefined;
  let startFailure = 'Prometheus has not been started yet';
  let isReady = false;

  function onLine(line: string, stream: 'stdout' | 'stderr'): void {
    print(line, stream);
    const what = readPrometheusLine(line);
    if (what) news.tell(what, line);
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

  async function page(
    path: string,
    method = 'GET',
    timeoutMs = 2_000,
  ): Promise<{ status: number; body: string } | undefined> {
    try {
      return await http.request({ method, url: `${url}${path}`, timeoutMs });
    } catch {
      return undefined;
    }
  }

  /** Before that, a signal could end the child or be lost. */
  async function untilReady(): Promise<boolean> {
    const deadline = performance.now() + readyMs;
    for (let pauseMs = 10; !isReady && child?.running(); pauseMs = Math.min(200, pauseMs * 2)) {
      const heard = news.count();
      isReady = news.seen('ready') !== false || (await page('/-/ready'))?.status === 200;
      // A page may be faster than the lines; they must not be taken for the answer to the first signal.
      if (isReady && news.seen('ready') === false) await news.next(LATE_LINE_MS, heard);
      if (isReady || performance.now() > deadline) break;
      await news.next(pauseMs, heard);
    }
    return isReady && child?.running() === true;
  }

  async function whyNotReady(): Promise<string | undefined> {
    const target = child;
    if (!target) return startFailure;
    if (await untilReady()) return undefined;
    return target.running() ? 'Prometheus is not ready yet' : 'Prometheus has ended';
  }

  async function reloadByRequest(): Promise<ReloadResult | undefined> {
    news.forget();
    const answer = await page('/-/reload', 'POST', reloadMs);
    if (answer?.status === 200) return { kind: 'live' };
    if (answer?.status !== 500) return undefined;
    await untilRefusedLine();
    return { kind: 'refused', reason: withTroubles(answer.body.trim()) };
  }

  /** The lines were written before the answer, but may arrive after it. */
  async function untilRefusedLine(): Promise<void> {
    const deadline = performance.now() + LATE_LINE_MS;
    for (let leftMs = LATE_LINE_MS; leftMs > 0 && news.seen('refused') === false;) {
      await news.next(leftMs, news.count());
      leftMs = deadline - performance.now();
    }
  }

  function reasonOf(refusedLine: string): string {
    return withTroubles(reasonInLine(refusedLine));
  }

  /** Of rules and targets Prometheus itself only says that "one or more errors occurred". */
  function withTroubles(reason: string): string {
    const troubles = news.troubles().map(reasonInLine);
    const isEmpty = troubles.length > 0 && reason.includes('one or more errors occurred');
    return [...(isEmpty ? [] : [reason]), ...troubles].join('; ');
  }

  async function readState(): Promise<ReloadState | undefined> {
    const answer = await page('/metrics', 'GET', 5_000);
    return answer?.status === 200 ? readReloadState(answer.body) : undefined;
  }

  /** Prometheus's own word that the last load went well; `undefined` when its pages cannot be reached. */
  async function saysSuccess(): Promise<boolean | undefined> {
    const answer = await page('/api/v1/status/runtimeinfo');
    if (answer?.status !== 200) return undefined;
    try {
      return (JSON.parse(answer.body) as { data?: { reloadConfigSuccess?: boolean } }).data
        ?.reloadConfigSuccess;
    } catch {
      return undefined;
    }
  }

  async function reloadBySignal(target: Child): Promise<ReloadResult> {
    // Without its lines (a log level above info) only the metrics tell one load from the next.
    const talks = news.seen('loaded') !== false;
    const before = talks ? undefined : await readState();
    news.forget();
    if (!target.kill('SIGHUP')) return { kind: 'failed', reason: 'Prometheus is not running' };
    const deadline = performance.now() + reloadMs;
    for (let pauseMs = 5; performance.now() < deadline; pauseMs = Math.min(100, pauseMs * 2)) {
      if (!target.running()) return { kind: 'failed', reason: 'Prometheus has ended' };
      const heard = news.count();
      const refusedLine = news.seen('refused');
      if (refusedLine !== false) return { kind: 'refused', reason: reasonOf(refusedLine) };
      if (news.seen('loaded') !== false) {
        // The line comes a moment before the state; without pages the line has to do.
        if ((await saysSuccess()) !== false) return { kind: 'live' };
      } else if (!talks) {
        const verdict = compareStates(before, await readState());
        if (verdict?.kind === 'refused') await news.next(LATE_LINE_MS, heard);
        const line = news.seen('refused');
        if (verdict) return line === false ? verdict : { kind: 'refused', reason: reasonOf(line) };
      }
      await news.next(pauseMs, heard);
    }
    return { kind: 'failed', reason: `Prometheus does not confirm the reload within ${reloadMs / 1000} s` };
  }

  return {
    async start() {
      await tryStart();
    },
    notRunning: () => (child?.running() ? undefined : startFailure),
    whyNotReady,
    async reload() {
      const target = child;
      const reason = await whyNotReady();
      if (!target || reason !== undefined) return { kind: 'failed', reason: reason ?? startFailure };
      return (hasLifecycle ? await reloadByRequest() : undefined) ?? (await reloadBySignal(target));
    },
    actor: {
      name: 'prometheus',
      async run(signal) {
        const isStopped = () => signal.aborted;
        while (!child && !isStopped()) {
          await sleep(retryStartMs, signal);
          if (!isStopped()) await tryStart();
        }
        if (!child) return 0;
        const stopped = new Promise<'stopped'>((resolve) => {
          if (signal.aborted) resolve('stopped');
          signal.addEventListener('abort', () => resolve('stopped'), { once: true });
        });
        const first = await Promise.race([child.exited, stopped]);
        if (first === 'stopped') return exitCode(await child.stop({ graceMs: stopMs }), 0);
        logger.error('Prometheus has ended on its own', { code: first.code, signal: first.signal });
        startFailure = 'Prometheus has ended';
        return exitCode(first, 1);
      },
    },
  };

  function exitCode(exit: Awaited<Child['exited']>, whenZero: number): number {
    if (exit.code !== null) return exit.code === 0 ? whenZero : exit.code;
    return exit.signal === 'SIGTERM' && whenZero === 0 ? 0 : 1;
  }
}

function compareStates(
  before: ReloadState | undefined,
  now: ReloadState | undefined,
): ReloadResult | undefined {
  if (!now) return undefined;
  if (now.successful && (!before || now.lastSuccessAt > before.lastSuccessAt)) return { kind: 'live' };
  if (!now.successful && before?.successful) return { kind: 'refused', reason: 'its log says why' };
  return undefined;
}

/** So that errors without end take no memory. */
const MOST_TROUBLES = 5;

/** The latest line of each kind, and somebody who waits for the next one. */
function createNews() {
  const lines = new Map<string, string>();
  const troubles: string[] = [];
  let told = 0;
  let wake: () => void = () => undefined;
  return {
    tell(what: string, line: string): void {
      if (what !== 'trouble') lines.set(what, line);
      else if (troubles.length < MOST_TROUBLES) troubles.push(line);
      else return;
      told += 1;
      wake();
    },
    seen(what: string): string | false {
      return lines.get(what) ?? false;
    },
    forget(): void {
      lines.delete('loaded');
      lines.delete('refused');
      troubles.length = 0;
    },
    /** The first errors since then. */
    troubles: (): readonly string[] => troubles,
    /** How many lines have been told so far. */
    count: () => told,
    /** Resolves at the next line after `count`, or after the pause. */
    async next(pauseMs: number, count: number): Promise<void> {
      if (told > count) return;
      const early = new AbortController();
      wake = () => early.abort();
      await sleep(pauseMs, early.signal);
    },
  };
}
