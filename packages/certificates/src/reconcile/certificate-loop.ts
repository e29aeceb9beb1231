import type { AutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { messageOf } from '@docker-flow/daemon/errors';
import type { ServiceTable } from '@docker-flow/daemon/feed/service-table';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { isValidAt } from '../core/model/certificate-record.js';
import { schedule, type Schedule } from '../core/orders/schedule.js';
import type { Delivery } from '../delivery/delivery.js';
import type { LookFromInside } from '../orders/look-from-inside.js';
import type { OrderLedger } from '../orders/order-ledger.js';
import type { OrderRunner } from '../orders/order-runner.js';
import type { Pauses } from '../orders/pauses.js';
import type { WantedCertificates } from '../orders/wanted-certificates.js';
import type { WallClock } from '../ports.js';
import type { ReadServices, ServiceReader } from '../services/requests.js';
import type { Book } from '../store/book.js';
import type { StateDirectory } from '../store/state-directory.js';

export interface CertificateLoopDeps {
  readonly table: Pick<ServiceTable, 'list'>;
  readonly reader: ServiceReader;
  /** Whether a listener was heard once. */
  readonly hasHeard: () => boolean;
  readonly wanted: WantedCertificates;
  readonly book: Book;
  readonly delivery: Delivery;
  readonly runner: OrderRunner;
  readonly ledger: OrderLedger;
  readonly pauses: Pauses;
  readonly inside: LookFromInside;
  readonly state: StateDirectory;
  readonly clock: WallClock;
  readonly wake: AutoResetEvent;
  readonly logger: Logger;
}

export interface CertificateLoopOptions {
  readonly directoryUrl: string;
  readonly renewAt: number;
  readonly settleMs: number;
  readonly maxOrders: number;
}

/** Compares the names that are wanted with the certificates that are there, and acts. */
export interface CertificateLoop extends Actor {
  /** What the last look at everything came to. */
  readonly schedule: () => Schedule;
  readonly services: () => ReadServices;
  /** Orders these now, whatever their back-off says. Answers their names. */
  renew(wanted: { readonly service?: string; readonly certName?: string }): Promise<readonly string[]>;
}

/** The clock may jump, and a machine may sleep: nothing waits longer than this. */
const LONGEST_WAIT_MS = 10_000;
const DAY_MS = 86_400_000;
const NOTHING: Schedule = { start: [], waiting: new Map(), covered: new Map(), wakeMs: Infinity };

export function createCertificateLoop(
  deps: CertificateLoopDeps,
  options: CertificateLoopOptions,
): CertificateLoop {
  const { wanted, book, delivery, runner, pauses, state, clock, wake, logger } = deps;
  const { directoryUrl, renewAt, settleMs, maxOrders } = options;
  let last = NOTHING;
  let services: ReadServices = { requests: [], rejected: [] };

  function condition(): string | undefined {
    if (!deps.hasHeard()) return 'no listener was heard yet';
    return state.problem() ?? delivery.condition();
  }

  async function runOnce(signal: AbortSignal): Promise<void> {
    services = deps.reader.read(deps.table.list());
    await wanted.refresh(services.requests);
    const places = pauses.isOnTrial() ? 1 : maxOrders;
    last = schedule({
      assigned: wanted.assigned(),
      record: (certName) => book.get(certName),
      changedAtMs: (certName) => wanted.changedAtMs(certName),
      isRunning: (certName) => runner.isRunning(certName),
      troubledAtMs: (certName) => runner.troubledAtMs(certName),
      places: places - runner.count(),
      condition: condition(),
      pause: pauses.reason(),
      limit: (order) => deps.ledger.reached(order),
      directory: directoryUrl,
      renewAt,
      settleMs,
      nowMs: clock.nowMs(),
    });
    for (const { assigned, order } of last.start) {
      if (book.get(assigned.certName)?.certificate === undefined) deps.inside.begin(order.names, signal);
      runner.start(assigned.certName, assigned.wish, order, signal);
    }
    if (deps.hasHeard() && delivery.condition() === undefined) await tidy();
  }

  /** Removes what nobody asks for: a day after it has expired, or when what takes its place is everywhere. */
  async function tidy(): Promise<void> {
    const now = clock.nowMs();
    for (const { certName, certificate } of book.list()) {
      if (wanted.wish(certName) || runner.isRunning(certName)) continue;
      const isOver = !certificate || certificate.notAfterMs + DAY_MS < now;
      if (isOver || isReplaced(certName)) await delivery.withdraw(certName);
    }
  }

  function isReplaced(certName: string): boolean {
    if (!wanted.replaced().includes(certName)) return false;
    const asking = book.get(certName)?.services ?? [];
    const successors = wanted
      .assigned()
      .filter(({ wish }) => wish.services.some((one) => asking.includes(one)));
    return successors.every(
      (one) =>
        isValidAt(book.get(one.certName)?.certificate, clock.nowMs()) && delivery.isDelivered(one.certName),
    );
  }

  return {
    name: 'certificates',
    schedule: () => last,
    services: () => services,
    async renew({ service, certName }) {
      const found = wanted
        .assigned()
        .filter(
          (one) =>
            one.certName === certName || (service !== undefined && one.wish.services.includes(service)),
        )
        .filter(({ wish }) => wish.names.length > 0);
      for (const one of found) {
        const record = book.get(one.certName);
        if (record) await book.put({ ...record, isDemanded: true, attempts: 0, nextTryMs: 0 });
      }
      wake.set();
      return found.map((one) => one.certName);
    },
    async run(signal) {
      while (!signal.aborted) {
        try {
          await runOnce(signal);
        } catch (error) {
          logger.error('Certificates could not be compared with what is wanted', {
            reason: messageOf(error),
            err: error,
          });
        }
        const leftMs = last.wakeMs - clock.nowMs();
        await wake.wait(signal, Math.max(1, Math.min(LONGEST_WAIT_MS, leftMs)));
      }
    },
  };
}
