import { registeredDomain } from '../names/registered-domain.js';

/** So many within a time. */
export interface Limit {
  readonly count: number;
  readonly withinMs: number;
}

/** Our own limits, below those of the authority; absent: none. */
export interface Limits {
  readonly orders: Limit | undefined;
  readonly sameSet: Limit | undefined;
  /** New sets for each registered domain. */
  readonly domain: Limit | undefined;
  /** For each name. */
  readonly failures: Limit | undefined;
}

/** Orders and failures of the past, oldest first. */
export interface Ledger {
  readonly orders: readonly LedgerOrder[];
  readonly failures: readonly { readonly name: string; readonly atMs: number }[];
}

export interface LedgerOrder {
  readonly names: readonly string[];
  readonly atMs: number;
  /** A renewal of a set that has a certificate counts for the number of orders alone. */
  readonly isRenewal: boolean;
}

/** A limit that keeps an order back. */
export interface Reached {
  readonly variable: 'LIMIT_ORDERS' | 'LIMIT_SAME_SET' | 'LIMIT_DOMAIN' | 'LIMIT_FAILURES';
  readonly about: string;
  readonly untilMs: number;
}

/** The limit that an order for these names would break now; of several the one that lasts longest. */
export function limitReached(
  { names, isRenewal }: Pick<LedgerOrder, 'names' | 'isRenewal'>,
  ledger: Ledger,
  limits: Limits,
  nowMs: number,
): Reached | undefined {
  const reached: Reached[] = [];
  const check = (
    limit: Limit | undefined,
    times: readonly number[],
    variable: Reached['variable'],
    about: string,
  ) => {
    const untilMs = freeAgainMs(limit, times, nowMs);
    if (untilMs !== undefined) reached.push({ variable, about, untilMs });
  };
  const times = (orders: readonly LedgerOrder[]) => orders.map(({ atMs }) => atMs);
  check(limits.orders, times(ledger.orders), 'LIMIT_ORDERS', 'all orders');
  if (!isRenewal) {
    const fresh = ledger.orders.filter((order) => !order.isRenewal);
    const set = names.join(' ');
    const same = fresh.filter((order) => order.names.join(' ') === set);
    check(limits.sameSet, times(same), 'LIMIT_SAME_SET', 'the same names');
    for (const domain of domainsOf(names)) {
      const under = fresh.filter((order) => domainsOf(order.names).has(domain));
      check(limits.domain, times(under), 'LIMIT_DOMAIN', domain);
    }
  }
  for (const name of names) {
    const failures = ledger.failures.filter((one) => one.name === name).map(({ atMs }) => atMs);
    check(limits.failures, failures, 'LIMIT_FAILURES', name);
  }
  return reached.sort((a, b) => b.untilMs - a.untilMs)[0];
}

function domainsOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(registeredDomain));
}

function freeAgainMs(limit: Limit | undefined, times: readonly number[], nowMs: number): number | undefined {
  if (!limit) return undefined;
  const recent = times.filter((atMs) => atMs > nowMs - limit.withinMs && atMs <= nowMs).sort((a, b) => a - b);
  const first = recent[recent.length - limit.count];
  return first === undefined ? undefined : first + limit.withinMs;
}

/** The ledger without what no limit asks for any more. */
export function pruneLedger(
  ledger: Ledger,
  { orders, sameSet, domain, failures }: Limits,
  nowMs: number,
): Ledger {
  const since = (...all: readonly (Limit | undefined)[]) =>
    nowMs - Math.max(0, ...all.map((limit) => limit?.withinMs ?? 0));
  return {
    orders: ledger.orders.filter(({ atMs }) => atMs > since(orders, sameSet, domain)),
    failures: ledger.failures.filter(({ atMs }) => atMs > since(failures)),
  };
}
