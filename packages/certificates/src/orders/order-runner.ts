import type { Logger } from '@docker-flow/daemon/log/logger';
import {
  attemptBegun,
  attemptFailed,
  attemptSucceeded,
  type ChangeContext,
} from '../core/orders/record-changes.js';
import { describeFailed } from '../core/orders/record-changes.js';
import type { BackOffRules } from '../core/orders/back-off.js';
import type { OrderFailure } from '../core/orders/failure.js';
import type { NeededOrder } from '../core/orders/need.js';
import type { CertificateRecord } from '../core/model/certificate-record.js';
import type { Wish } from '../core/wishes/collect-wishes.js';
import type { Account } from '../account/account.js';
import type { CertificatesMetrics } from '../metrics.js';
import type { Authority, Certificates, Chance, DnsWriter, WallClock } from '../ports.js';
import type { Book } from '../store/book.js';
import type { OrderLedger } from './order-ledger.js';
import type { Pauses } from './pauses.js';
import { placeOrder, OrderError } from './place-order.js';
import { StoppedError, type Polling } from './polling.js';

/** Orders under way. */
export interface OrderRunner {
  isRunning(certName: string): boolean;
  /** When the authority was last in trouble over this one; 0: not in this life, or not since it worked. */
  troubledAtMs(certName: string): number;
  readonly count: () => number;
  /** Begins an order; `onEnd` is called when it is over, whatever became of it. */
  start(certName: string, wish: Wish, order: NeededOrder, signal: AbortSignal): void;
  /** Resolves when none is under way. */
  idle(): Promise<void>;
}

export interface OrderRunnerDeps {
  readonly book: Book;
  readonly authority: Authority;
  readonly account: Account;
  readonly certificates: Certificates;
  readonly dns: DnsWriter | undefined;
  readonly polling: Polling;
  readonly ledger: OrderLedger;
  readonly pauses: Pauses;
  readonly directoryUrl: string;
  readonly backOff: BackOffRules;
  readonly clock: WallClock;
  readonly chance: Chance;
  readonly metrics: Pick<CertificatesMetrics, 'ordered'>;
  readonly logger: Logger;
  /** A new certificate is there. Handing it out is no part of its order: the next one need not wait for it. */
  readonly onIssued: (certName: string) => void;
  readonly onEnd: () => void;
}

export function createOrderRunner(deps: OrderRunnerDeps): OrderRunner {
  const { book, account, pauses, ledger, clock, logger, metrics } = deps;
  const running = new Map<string, Promise<void>>();
  const troubledAt = new Map<string, number>();
  const context = (): ChangeContext => ({
    nowMs: clock.nowMs(),
    rules: deps.backOff,
    chance: deps.chance(),
  });

  async function run(certName: string, wish: Wish, order: NeededOrder, signal: AbortSignal): Promise<void> {
    const before = book.get(certName);
    if (!before) return;
    const { certificate } = before;
    const pending = before.pending?.directory === deps.directoryUrl ? before.pending : undefined;
    const names = pending?.names ?? order.names;
    const begunMs = clock.nowMs();
    if (!pending) await book.put(attemptBegun(before, order, context()));
    const isRenewal = names.join(' ') === certificate?.names.join(' ');
    try {
      const pem = await placeOrder(
        {
          names,
          keyType: wish.keyType,
          challenge: wish.challenge,
          profile: wish.profile,
          replaces: certificate?.directory === deps.directoryUrl ? certificate.renewalId : undefined,
          pending,
        },
        {
          ...deps,
          async onPlaced(placed) {
            // It takes orders: what goes wrong from here on is counted anew.
            pauses.succeeded();
            await ledger.ordered({ names, atMs: clock.nowMs(), isRenewal });
            await change(certName, (record) => ({ ...record, pending: placed }));
          },
        },
        signal,
      );
      const issued = { ...deps.certificates.read(pem), directory: deps.directoryUrl };
      await book.putPem(certName, pem);
      await change(certName, (record) => attemptSucceeded(record, names, issued));
      pauses.succeeded();
      troubledAt.delete(certName);
      metrics.ordered('issued');
      logger.info('Certificate is issued', { certificate: certName, names, seconds: secondsSince(begunMs) });
      deps.onIssued(certName);
    } catch (error) {
      if (error instanceof StoppedError || signal.aborted) return;
      if (!(error instanceof OrderError)) throw error;
      await failed(certName, before, names, error.failure, begunMs);
    }
  }

  async function failed(
    certName: string,
    before: CertificateRecord,
    names: readonly string[],
    failure: OrderFailure,
    begunMs: number,
  ): Promise<void> {
    const reason = failure.kind === 'names' ? describeFailed(failure.failed) : failure.problem;
    const isOfAuthority = ['authority', 'account', 'account lost'].includes(failure.kind);
    metrics.ordered(isOfAuthority ? 'authority' : 'failed');
    logger.warn('Certificate is not issued', {
      certificate: certName,
      names,
      reason,
      seconds: secondsSince(begunMs),
    });
    await change(certName, (record) => attemptFailed(record, before, names, failure, context()));
    if (failure.kind === 'authority') {
      troubledAt.set(certName, clock.nowMs());
      pauses.authorityFailed(failure.problem, failure.retryAfterMs);
    }
    // Whatever it said, the authority is there.
    if (failure.kind !== 'authority' && failure.kind !== 'account' && failure.kind !== 'account lost')
      pauses.succeeded();
    if (failure.kind === 'account') pauses.accountFailed(failure.problem, failure.retryAfterMs);
    if (failure.kind === 'account lost' && !(await account.forget()))
      pauses.accountFailed(failure.problem, undefined);
    if (failure.kind === 'names')
      await ledger.failed(failure.failed.map(({ name }) => ({ name, atMs: clock.nowMs() })));
  }

  async function change(
    certName: string,
    make: (record: CertificateRecord) => CertificateRecord,
  ): Promise<void> {
    const record = book.get(certName);
    if (record) await book.put(make(record));
  }

  function secondsSince(begunMs: number): number {
    return Math.round(clock.nowMs() - begunMs) / 1_000;
  }

  return {
    isRunning: (certName) => running.has(certName),
    troubledAtMs: (certName) => troubledAt.get(certName) ?? 0,
    count: () => running.size,
    start(certName, wish, order, signal) {
      const work = run(certName, wish, order, signal)
        .catch((error: unknown) =>
          logger.error('An order ended in a fault', { certificate: certName, err: error }),
        )
        .finally(() => {
          running.delete(certName);
          deps.onEnd();
        });
      running.set(certName, work);
    },
    async idle() {
      await Promise.all(running.values());
    },
  };
}
