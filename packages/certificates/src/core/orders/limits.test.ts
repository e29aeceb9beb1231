import { describe, expect, test } from '@jest/globals';
import { limitReached, pruneLedger, type Limits } from './limits.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

describe('limits', () => {
  const limits: Limits = {
    orders: { count: 3, withinMs: HOUR },
    sameSet: { count: 2, withinMs: DAY },
    domain: { count: 2, withinMs: DAY },
    failures: { count: 1, withinMs: HOUR },
  };
  const order = (names: readonly string[], atMs: number, isRenewal = false) => ({ names, atMs, isRenewal });
  const reached = (
    orders: readonly ReturnType<typeof order>[],
    names: readonly string[],
    isRenewal = false,
  ) => limitReached({ names, isRenewal }, { orders, failures: [] }, limits, 0);

  test('keep back what would break them, until the oldest is old enough', () => {
    expect(reached([order(['a.org'], -2), order(['b.net'], -1)], ['c.com'])).toBeUndefined();
    expect(reached([order(['a.org'], -3), order(['b.net'], -2), order(['c.com'], -1)], ['d.de'])).toEqual({
      variable: 'LIMIT_ORDERS',
      about: 'all orders',
      untilMs: HOUR - 3,
    });
    expect(reached([order(['x.a.org'], -2 * HOUR), order(['y.a.org'], -HOUR)], ['z.a.org'])).toMatchObject({
      variable: 'LIMIT_DOMAIN',
      about: 'a.org',
    });
    expect(reached([order(['x.a.org'], -2 * HOUR), order(['x.a.org'], -HOUR)], ['x.a.org'])).toBeDefined();
  });

  test('count renewals for the number of orders alone', () => {
    const many = [
      order(['a.org'], -2 * HOUR, true),
      order(['a.org'], -3 * HOUR, true),
      order(['a.org'], -4 * HOUR),
    ];
    expect(reached(many, ['a.org'])).toBeUndefined();
    expect(
      reached([order(['a.org'], -HOUR * 2), order(['a.org'], -HOUR * 3)], ['a.org'], true),
    ).toBeUndefined();
  });

  test('know failures of a name, and none where there are none', () => {
    const ledger = { orders: [], failures: [{ name: 'a.org', atMs: -1 }] };
    expect(limitReached({ names: ['b.org', 'a.org'], isRenewal: false }, ledger, limits, 0)).toMatchObject({
      variable: 'LIMIT_FAILURES',
      about: 'a.org',
    });
    const none = { orders: undefined, sameSet: undefined, domain: undefined, failures: undefined };
    expect(limitReached({ names: ['a.org'], isRenewal: false }, ledger, none, 0)).toBeUndefined();
    expect(pruneLedger(ledger, none, 0)).toEqual({ orders: [], failures: [] });
    expect(pruneLedger(ledger, limits, HOUR)).toEqual({ orders: [], failures: [] });
  });
});
