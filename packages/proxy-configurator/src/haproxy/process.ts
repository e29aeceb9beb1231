import { readFile } from 'node:fs/promises';
import { backoff } from '@docker-flow/daemon/concurrency/backoff';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted, untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { UpstreamError } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { runCommand, startChild, type Child } from '@docker-flow/daemon/process/child-process';
import { alertsOf } from '../core/changes/attribute-alerts.js';
import type { Capabilities } from '../core/model/settings.js';
import type { HaproxyProcesses } from '../core/haproxy-output/show-proc.js';
import type { CheckResult, Haproxy, ReloadResult } from '../ports.js';
import { sendCommand } from './command-socket.js';
import type { SecretHider } from './hide-secrets.js';
import {
  COMMAND_TIMEOUT_MS,
  createWorkers,
  FIRST_QUESTION_TIMEOUT_MS,
  LONGEST_QUESTION_TIMEOUT_MS,
  POLL_MS,
} from './workers.js';

export interface HaproxyOptions {
  readonly configFile: string;
  readonly masterSocket: string;
  readonly adminSocket: string;
  readonly capabilities: Capabilities;
  /** Ends old workers at once instead of letting their requests finish. */
  readonly terminateOnReload: boolean;
  readonly reloadTimeoutMs?: number;
  readonly checkTimeoutMs?: number;
  /** How long an old worker may take until it has heard that it shall stop. */
  readonly settleTimeoutMs?: number;
  /** What HAProxy finds in its environment, also when it checks: complaints repeat what a line refers to. */
  readonly environment: NodeJS.ProcessEnv;
  /** What HAProxy may not repeat to anybody. */
  readonly secrets: SecretHider;
  /** Where requests go that HAProxy logs, one line of JSON each. */
  readonly print: (line: string) => void;
  readonly logger: Logger;
}

/** How long a worker that is well may take to answer whether it is. */
const QUESTION_TIMEOUT_MS = 1_000;
const KEPT_LINES = 200;
/** From so many workers of earlier configurations on, reloads come a second apart. */
const CROWDED_WORKERS = 8;
const CROWDED_PAUSE_MS = 1_000;
const FIRST_RESTART_PAUSE_MS = 100;
const MAX_RESTART_PAUSE_MS = 5_000;

/** A HAProxy that is brought back when it ends by itself, and taken down with us. */
export interface SupervisedHaproxy extends Haproxy {
  /** Whether the worker answers: a process that is there may be stopped or stuck. */
  answers(): Promise<boolean>;
  /**
   * Keeps HAProxy running until the signal aborts, then ends it: softly first.
   *
   * @param onStartFailed called when one that had ended does not start again: the file may have been broken by hand
   */
  supervise(signal: AbortSignal, onStartFailed: (reason: string) => void): Promise<void>;
}

/** HAProxy as a master with workers, run as our child in the foreground. */
export function createHaproxy(options: HaproxyOptions): SupervisedHaproxy {
  const { configFile, masterSocket, adminSocket, logger, secrets } = options;
  const { reloadTimeoutMs = 30_000, checkTimeoutMs = 30_000 } = options;
  const workers = createWorkers(options);
  let master: Child | undefined;
  /** What HAProxy has said since the last start or reload, as it is. */
  let stderrLines: string[] = [];
  let stopping = false;
  let reloadedAt = -Infinity;
  let starting: Promise<ReloadResult> | undefined;
  /** Until the process that is being started is there. */
  let spawning: Promise<unknown> | undefined;

  function onLine(said: string, stream: 'stdout' | 'stderr'): void {
    if (stream === 'stdout') {
      options.print(said);
      return;
    }
    stderrLines.push(said);
    if (stderrLines.length > 2 * KEPT_LINES) stderrLines = stderrLines.slice(-KEPT_LINES);
    // A reload makes a line for each backend, and hiding reads all secrets.
    logger[said.startsWith('[ALERT]') ? 'warn' : 'debug']('HAProxy says', {
      get line() {
        return secrets.hide(said);
      },
    });
  }

  /** What HAProxy has said since the last start or reload, without secrets. */
  function output(): string {
    return secrets.hide(stderrLines.join('\n'));
  }

  /** Asks again until the deadline: a master that begins anew, or a busy machine, leaves a question unanswered. */
  async function askForProcesses(deadline: number): Promise<HaproxyProcesses | undefined> {
    for (;;) {
      const now = await workers.processes();
      if (now || !master?.running() || performance.now() > deadline) return now;
      await sleep(POLL_MS);
    }
  }

  /** Two callers at once start it once. */
  function start(): Promise<ReloadResult> {
    starting ??= startMaster().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  async function startMaster(): Promise<ReloadResult> {
    await learnSecrets(configFile);
    // A run may come to its reload when we end already: what it started then would be left behind.
    if (stopping) return STOPPING;
    stderrLines = [];
    const spawned = startChild({
      command: 'haproxy',
      args: ['-W', '-db', '-S', `${masterSocket},mode,600,level,admin`, '-f', configFile],
      env: options.environment,
      onLine,
    }).then((child) => (master = child));
    spawning = spawned.catch(() => undefined);
    const child = await spawned;
    void child.exited.then(({ code, signal }) => {
      if (master === child) master = undefined;
      if (!stopping) logger.error('HAProxy ended', { code, signal });
    });
    return confirm(new Set(), 0);
  }

  /** Waits for a worker that was not there before and answers commands. */
  async function confirm(known: ReadonlySet<number>, failedBefore: number): Promise<ReloadResult> {
    const deadline = performance.now() + reloadTimeoutMs;
    const limits = backoff({
      firstMs: FIRST_QUESTION_TIMEOUT_MS,
      maxMs: LONGEST_QUESTION_TIMEOUT_MS,
    });
    while (performance.now() < deadline) {
      if (!master?.running()) return { ok: false, output: output(), reason: 'HAProxy ended' };
      const now = await workers.processes();
      const fresh = now?.workers.find((pid) => !known.has(pid));
      if (fresh !== undefined && (await workers.answers(fresh, limits.next()))) {
        await workers.settle(now?.oldWorkers ?? []);
        return { ok: true, pid: fresh };
      }
      if (now && fresh === undefined && now.failedReloads > failedBefore) {
        return {
          ok: false,
          output: output(),
          reason: alertsOf(output())[0] ?? 'reload failed',
        };
      }
      await sleep(POLL_MS);
    }
    return {
      ok: false,
      output: output(),
      reason: `no new worker within ${reloadTimeoutMs} ms`,
    };
  }

  /** One that is stopped keeps its sockets open and says nothing. */
  async function answersCommands(): Promise<boolean> {
    if (!master?.running()) return false;
    return sendCommand(adminSocket, 'show info', QUESTION_TIMEOUT_MS).then(
      (info) => info.includes('Name: '),
      () => false,
    );
  }

  /** Each worker keeps its memory until its last connection has ended, so a storm of reloads must slow down. */
  async function throttle(): Promise<void> {
    const leftMs = reloadedAt + CROWDED_PAUSE_MS - performance.now();
    if (leftMs <= 0 || !master?.running()) return;
    const now = await workers.processes();
    if ((now?.oldWorkers.length ?? 0) >= CROWDED_WORKERS) await sleep(leftMs);
  }

  async function reload(): Promise<ReloadResult> {
    reloadedAt = performance.now();
    if (!master?.running()) return start();
    const before = await askForProcesses(performance.now() + reloadTimeoutMs);
    if (!before) throw new UpstreamError('HAProxy does not answer on its master socket');
    await learnSecrets(configFile);
    stderrLines = [];
    // From 2.7 on the answer waits for the result; before, the connection is just closed.
    const answer = secrets.hide(await sendCommand(masterSocket, 'reload', reloadTimeoutMs));
    if (/^Success=0/m.test(answer)) {
      return {
        ok: false,
        output: `${answer}\n${output()}`,
        reason: alertsOf(answer)[0] ?? 'reload failed',
      };
    }
    const known = new Set([...before.workers, ...before.oldWorkers]);
    if (/^Success=1/m.test(answer)) {
      const now = await workers.processes();
      const fresh = now?.workers.find((pid) => !known.has(pid));
      if (fresh !== undefined) {
        await workers.settle(now?.oldWorkers ?? []);
        return { ok: true, pid: fresh };
      }
    }
    return confirm(known, before.failedReloads);
  }

  async function learnSecrets(file: string): Promise<void> {
    secrets.learn(await readFile(file, 'utf8').catch(() => ''));
  }

  async function check(file: string): Promise<CheckResult> {
    const { code, stdout, stderr } = await runCommand('haproxy', ['-c', '-f', file], {
      timeoutMs: checkTimeoutMs,
      env: options.environment,
    });
    // Killed: what cannot be checked in time is a complaint like any other, and found like any other.
    const late =
      code === null ? `\n[ALERT] (0) : config : not checked within ${checkTimeoutMs / 1000} s` : '';
    if (code === 0) return { ok: true, output: `${stdout}\n${stderr}` };
    await learnSecrets(file);
    return { ok: false, output: secrets.hide(`${stdout}\n${stderr}${late}`) };
  }

  return {
    check,
    reload,
    running: () => master?.running() ?? false,
    answers: async () => (await answersCommands()) || answersCommands(),
    throttle,
    processes: () => workers.processes(),
    command: (text) => sendCommand(adminSocket, text, COMMAND_TIMEOUT_MS),
    supervise,
  };

  async function supervise(signal: AbortSignal, onStartFailed: (reason: string) => void): Promise<void> {
    const pauses = backoff({ firstMs: FIRST_RESTART_PAUSE_MS, maxMs: MAX_RESTART_PAUSE_MS });
    while (!isAborted(signal)) {
      const child = master;
      if (!child) {
        await sleep(20, signal);
        continue;
      }
      const startedAt = performance.now();
      await Promise.race([child.exited, untilAborted(signal)]);
      if (isAborted(signal)) break;
      if (performance.now() - startedAt > MAX_RESTART_PAUSE_MS) pauses.reset();
      await sleep(pauses.next(), signal);
      if (isAborted(signal)) break;
      const result = await start();
      if (!result.ok && !isAborted(signal)) onStartFailed(result.reason);
    }
    stopping = true;
    await spawning;
    await stopSoftly(master);
  }
}

const STOPPING: ReloadResult = { ok: false, output: '', reason: 'the program is stopping' };
const SOFT_STOP_MS = 2_500;

/** Lets requests in flight finish, then ends the master, which ends its workers. */
async function stopSoftly(master: Child | undefined): Promise<void> {
  if (!master?.running()) return;
  const late = new AbortController();
  master.kill('SIGUSR1');
  await Promise.race([master.exited, sleep(SOFT_STOP_MS, late.signal)]);
  late.abort();
  await master.stop({ graceMs: 700 });
}
