import type { Child } from '@docker-flow/daemon/process/child-process';
import { reasonInLine, type ReloadState } from '../core/prometheus/prometheus-log.js';
import type { ReloadResult } from '../ports.js';
import type { LogWatcher } from './log-watcher.js';
import type { PrometheusPages } from './prometheus-pages.js';

export interface ReloadDeps {
  readonly pages: PrometheusPages;
  readonly log: LogWatcher;
}

/** How much later a line may come than the page that says the same. */
export const LATE_LINE_MS = 100;

/**
 * Reloads through `/-/reload`, which `--web.enable-lifecycle` opens. `undefined`: the page does not say whether
 * that worked.
 */
export async function reloadByRequest({ pages, log }: ReloadDeps): Promise<ReloadResult | undefined> {
  log.forget();
  const answer = await pages.reload();
  if (answer?.status === 200) return { kind: 'live' };
  if (answer?.status !== 500) return undefined;
  await untilRejectedLine(log);
  return { kind: 'rejected', reason: withErrors(log, answer.body.trim()) };
}

/** The lines were written before the answer, but may arrive after it. */
async function untilRejectedLine(log: LogWatcher): Promise<void> {
  const deadline = performance.now() + LATE_LINE_MS;
  for (let leftMs = LATE_LINE_MS; leftMs > 0 && log.lineOf('rejected') === undefined;) {
    await log.nextLine(leftMs, log.linesSeen());
    leftMs = deadline - performance.now();
  }
}

/**
 * Reloads with SIGHUP, and waits until the lines or the pages of the server tell the result. After `longestMs` the
 * signal counts as lost.
 */
export async function reloadBySignal(
  { pages, log }: ReloadDeps,
  child: Child,
  longestMs: number,
): Promise<ReloadResult> {
  // Without its lines (a log level above info) only the metrics tell one load from the next.
  const logsReloads = log.hasTold('loaded');
  const before = logsReloads ? undefined : await pages.reloadState();
  log.forget();
  if (!child.kill('SIGHUP')) return { kind: 'failed', reason: 'Prometheus is not running' };
  const deadline = performance.now() + longestMs;
  for (let pauseMs = 5; performance.now() < deadline; pauseMs = Math.min(100, pauseMs * 2)) {
    if (!child.running()) return { kind: 'failed', reason: 'Prometheus has ended' };
    const seen = log.linesSeen();
    const rejectedLine = log.lineOf('rejected');
    if (rejectedLine !== undefined) return rejected(log, rejectedLine);
    if (log.lineOf('loaded') !== undefined) {
      // The line comes a moment before the state; without pages the line has to do.
      if ((await pages.confirmsReload()) !== false) return { kind: 'live' };
    } else if (!logsReloads) {
      const result = compareStates(before, await pages.reloadState());
      if (result?.kind === 'rejected') await log.nextLine(LATE_LINE_MS, seen);
      const line = log.lineOf('rejected');
      if (result) return line === undefined ? result : rejected(log, line);
    }
    await log.nextLine(pauseMs, seen);
  }
  return { kind: 'failed', reason: 'Prometheus does not say what became of the last signal' };
}

function rejected(log: LogWatcher, line: string): ReloadResult {
  return { kind: 'rejected', reason: withErrors(log, reasonInLine(line)) };
}

/** Of rules and targets Prometheus itself only says that "one or more errors occurred". */
function withErrors(log: LogWatcher, reason: string): string {
  const errors = log.errors().map(reasonInLine);
  const isEmpty = errors.length > 0 && reason.includes('one or more errors occurred');
  return [...(isEmpty ? [] : [reason]), ...errors].join('; ');
}

function compareStates(
  before: ReloadState | undefined,
  now: ReloadState | undefined,
): ReloadResult | undefined {
  if (!now) return undefined;
  if (now.successful && (!before || now.lastSuccessAt > before.lastSuccessAt)) return { kind: 'live' };
  if (!now.successful && before?.successful) return { kind: 'rejected', reason: 'its log says why' };
  return undefined;
}
