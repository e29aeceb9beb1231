import { messageOf } from '@docker-flow/daemon/errors';
import type { Challenge, KeyType } from '@docker-flow/labels';
import { AccountError, type Account } from '../account/account.js';
import type { PendingOrder } from '../core/model/certificate-record.js';
import { classifyProblem, describeProblem, type OrderFailure, type Step } from '../core/orders/failure.js';
import {
  AuthorityError,
  type Authority,
  type AuthorityAccount,
  type Certificates,
  type DnsWriter,
  type NewOrder,
  type Order,
} from '../ports.js';
import type { Polling } from './polling.js';
import { proveNames } from './prove-names.js';

/** What is ordered. */
export interface OrderJob {
  readonly names: readonly string[];
  readonly keyType: KeyType;
  readonly challenge: Challenge;
  readonly profile: string | undefined;
  readonly replaces: string | undefined;
  /** An order of an earlier life that is taken up. */
  readonly pending: PendingOrder | undefined;
}

export interface PlaceOrderDeps {
  readonly authority: Pick<Authority, 'directory'>;
  readonly account: Account;
  readonly certificates: Certificates;
  readonly dns: DnsWriter | undefined;
  readonly polling: Polling;
  readonly directoryUrl: string;
  /** The authority has taken the order: from here on it can be finished after a crash. */
  readonly onPlaced: (pending: PendingOrder) => Promise<void>;
}

/** An order that came to nothing. */
export class OrderError extends Error {
  override readonly name = 'OrderError';

  readonly failure: OrderFailure;

  constructor(failure: OrderFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/**
 * One order from beginning to end: order, authorizations, challenges, finalize, download. Answers certificate, chain
 * and key as PEM.
 *
 * @throws {OrderError} saying what that means for the next one
 * @throws {StoppedError} when the program is to end; the order can be taken up again
 */
export async function placeOrder(job: OrderJob, deps: PlaceOrderDeps, signal: AbortSignal): Promise<string> {
  const at = stepper(job.names);
  const account = await at('newAccount', () => deps.account.use());
  const { order: begun, keyPem } = job.pending
    ? { order: await at('resume', () => account.orderAt(job.pending?.url ?? '')), keyPem: job.pending.keyPem }
    : await begin(job, account, deps, at);
  let order = begun;
  if (order.status === 'pending') {
    const failed = await at('authorization', () =>
      proveNames(order, job.challenge, { account, dns: deps.dns, polling: deps.polling }, signal),
    );
    if (failed.length > 0) throw new OrderError({ kind: 'names', failed });
    order = await waitWhile('pending', order, account, deps, signal, at);
  }
  if (order.status === 'ready') {
    const ready = order;
    const request = await deps.certificates.createRequest(order.names, keyPem);
    order = await at('finalize', () => account.finalize(ready, request));
  }
  order = await waitWhile('processing', order, account, deps, signal, at);
  if (order.status !== 'valid') throw new OrderError(invalidOrder(order, job.names));
  const valid = order;
  const chain = await at('certificate', () => account.certificate(valid));
  try {
    return deps.certificates.join(chain, keyPem);
  } catch (error) {
    throw new OrderError({ kind: 'order', problem: messageOf(error) });
  }
}

type At = <T>(step: Step, call: () => Promise<T>) => Promise<T>;

/** Calls, and says what a refusal means. */
function stepper(names: readonly string[]): At {
  return async (step, call) => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof AccountError)
        throw new OrderError({ kind: 'account', problem: error.message, retryAfterMs: undefined });
      if (error instanceof AuthorityError) throw new OrderError(classifyProblem(error.problem, step, names));
      throw error;
    }
  };
}

async function begin(
  { names, keyType, profile, replaces }: OrderJob,
  account: AuthorityAccount,
  deps: PlaceOrderDeps,
  at: At,
): Promise<{ readonly order: Order; readonly keyPem: string }> {
  const keyPem = await deps.certificates.createKey(keyType);
  const { profiles, hasRenewalInfo } = await at('directory', () => deps.authority.directory());
  const offered = profile !== undefined && profiles.includes(profile) ? profile : undefined;
  const order = await at('newOrder', () =>
    orderOnce(account, { names, replaces: hasRenewalInfo ? replaces : undefined, profile: offered }),
  );
  await deps.onPlaced({ url: order.url, names, keyPem, directory: deps.directoryUrl });
  return { order, keyPem };
}

/** Where the authority does not like what the order replaces, it is placed without. */
async function orderOnce(account: AuthorityAccount, order: NewOrder): Promise<Order> {
  try {
    return await account.order(order);
  } catch (error) {
    const isRefused =
      order.replaces !== undefined &&
      error instanceof AuthorityError &&
      ['alreadyReplaced', 'malformed', 'conflict', 'unauthorized'].includes(error.problem.type ?? '');
    if (!isRefused) throw error;
    return account.order({ ...order, replaces: undefined });
  }
}

async function waitWhile(
  status: Order['status'],
  order: Order,
  account: AuthorityAccount,
  { polling }: PlaceOrderDeps,
  signal: AbortSignal,
  at: At,
): Promise<Order> {
  if (order.status !== status) return order;
  const ended = await at('finalize', () =>
    polling.until(
      () => account.orderAt(order.url),
      (one) => one.status !== status,
      signal,
    ),
  );
  if (ended) return ended;
  throw new OrderError({ kind: 'authority', problem: `the order stays ${status}`, retryAfterMs: undefined });
}

function invalidOrder({ status, problem }: Order, names: readonly string[]): OrderFailure {
  if (!problem) return { kind: 'order', problem: `the order is ${status}` };
  const failure = classifyProblem({ ...problem, status: problem.status ?? 0 }, 'finalize', names);
  return failure.kind === 'authority' ? { kind: 'order', problem: describeProblem(problem) } : failure;
}
