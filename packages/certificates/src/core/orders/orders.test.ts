import { describe, expect, test } from '@jest/globals';
import { DIRECTORY, issued, record, wish } from '../../testing/records.js';
import type { CertificateRecord } from '../model/certificate-record.js';
import { backOffMs } from './back-off.js';
import { classifyProblem, type AuthorityProblem, type Step } from './failure.js';
import { limitReached, pruneLedger, type Limits } from './limits.js';
import { neededOrder } from './need.js';
import { attemptBegun, attemptFailed, attemptSucceeded, withWanted } from './record-changes.js';
import { schedule, type ScheduleInput } from './schedule.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

test.each([
  [1, 0.5, 100],
  [2, 0.5, 200],
  [5, 0.5, 1_000],
  [1, 0, 90],
  [1, 1, 110],
])('the pause after %i failures (chance %d) is %i', (failures, chance, expected) => {
  expect(backOffMs(failures, { minMs: 100, maxMs: 1_000 }, chance)).toBe(expected);
});

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

describe('what a refusal means', () => {
  const problem = (changes: Partial<AuthorityProblem>): AuthorityProblem => ({
    status: 400,
    type: undefined,
    detail: '',
    subproblems: [],
    retryAfterMs: undefined,
    ...changes,
  });
  test.each<[Partial<AuthorityProblem>, Step, string]>([
    [{ status: undefined, detail: 'refused' }, 'newOrder', 'authority'],
    [{ status: 500 }, 'newOrder', 'authority'],
    [{ status: 404 }, 'finalize', 'authority'],
    [{ status: 404 }, 'resume', 'order'],
    [{ status: 500, type: 'serverInternal' }, 'finalize', 'authority'],
    [{ type: 'badNonce' }, 'newOrder', 'authority'],
    [{ status: 429, type: 'rateLimited', detail: 'too many certificates' }, 'newOrder', 'rate limited'],
    [{ status: 429, type: 'rateLimited', detail: 'too many orders by this account' }, 'newOrder', 'account'],
    [{ status: 429, type: 'rateLimited' }, 'newAccount', 'account'],
    [{ type: 'externalAccountRequired' }, 'newAccount', 'account'],
    [{ type: 'accountDoesNotExist' }, 'newOrder', 'account lost'],
    [{ type: 'rejectedIdentifier', detail: 'policy forbids b.test' }, 'newOrder', 'names'],
    [{ type: 'malformed', detail: 'no' }, 'newOrder', 'order'],
    [{ type: 'badCSR' }, 'finalize', 'order'],
  ])('%j at %s: %s', (changes, step, kind) => {
    expect(classifyProblem(problem(changes), step, ['a.test', 'b.test']).kind).toBe(kind);
  });

  test('names come from subproblems, or from the words', () => {
    const subproblems = [{ name: 'B.test', type: 'caa', detail: 'forbidden' }];
    expect(
      classifyProblem(problem({ type: 'compound', subproblems }), 'newOrder', ['a.test', 'b.test']),
    ).toEqual({
      kind: 'names',
      failed: [{ name: 'b.test', reason: 'caa: forbidden' }],
    });
    const words = problem({ type: 'dns', detail: 'looking up A for b.test: SERVFAIL, not bb.test' });
    expect(classifyProblem(words, 'finalize', ['a.test', 'b.test', 'test'])).toMatchObject({
      failed: [{ name: 'b.test' }],
    });
  });
});

const SETTINGS = { directory: DIRECTORY, renewAt: 0.667 };

describe('an order is needed', () => {
  const valid = issued(['a.test', 'b.test']);
  const both = { wanted: ['a.test', 'b.test'] };
  const later = { reason: 'x', attempts: 1, nextTryMs: 5 };
  test.each<[string, Partial<CertificateRecord>, number, unknown]>([
    ['without a certificate', both, 0, { need: 'none there', names: ['a.test', 'b.test'] }],
    ['not with a valid one', { ...both, certificate: valid }, 0, undefined],
    [
      'after it has expired',
      { ...both, certificate: valid },
      81 * DAY,
      { need: 'none there', names: both.wanted },
    ],
    ['at its time', { ...both, certificate: valid }, 75 * DAY, { need: 'renewal', names: both.wanted }],
    ['not before', { ...both, certificate: valid }, 45 * DAY, undefined],
    [
      'for more names',
      { wanted: ['a.test', 'b.test', 'c.test'], certificate: valid },
      0,
      { need: 'other names', names: ['a.test', 'b.test', 'c.test'] },
    ],
    [
      'for fewer names',
      { wanted: ['a.test'], certificate: valid },
      0,
      { need: 'other names', names: ['a.test'] },
    ],
    [
      'from another authority',
      { ...both, certificate: issued(both.wanted, { directory: 'https://other.test' }) },
      0,
      { need: 'other authority', names: both.wanted },
    ],
    [
      'not when nobody knows where it came from',
      { ...both, certificate: issued(both.wanted, { directory: undefined }) },
      0,
      undefined,
    ],
    [
      'when it is demanded',
      { ...both, certificate: valid, isDemanded: true },
      0,
      { need: 'demanded', names: both.wanted },
    ],
    [
      'without a name that failed',
      { ...both, leftOut: { 'b.test': later } },
      0,
      { need: 'none there', names: ['a.test'] },
    ],
    [
      'with it when its time has come',
      { ...both, leftOut: { 'b.test': later }, certificate: issued(['a.test']) },
      5,
      { need: 'left out before', names: both.wanted },
    ],
    [
      'not for a name alone whose time has not come',
      { ...both, leftOut: { 'b.test': later }, certificate: issued(['a.test']) },
      4,
      undefined,
    ],
    [
      'for all names when a valid one would shrink',
      { ...both, leftOut: { 'b.test': { ...later, nextTryMs: 99 * DAY } }, certificate: valid },
      75 * DAY,
      { need: 'renewal', names: both.wanted },
    ],
    ['not without names', { wanted: [] }, 0, undefined],
    [
      'at the moment that the authority advises',
      { ...both, certificate: valid, advice: { window: undefined, chosenMs: 7, askAgainMs: 0 } },
      7,
      { need: 'renewal', names: both.wanted },
    ],
  ])('%s', (_title, changes, nowMs, expected) => {
    expect(neededOrder(record('acme-web.pem', changes), SETTINGS, nowMs)).toEqual(expected);
  });
});

describe('what becomes of a record', () => {
  const context = { nowMs: 1_000, rules: { minMs: 100, maxMs: 10_000 }, chance: 0.5 };
  const before = record('acme-web.pem', { wanted: ['a.test', 'b.test'] });
  const order = { need: 'none there', names: ['a.test', 'b.test'] } as const;
  const begun = attemptBegun(before, order, context);
  const pending = { url: 'u', names: order.names, keyPem: 'k', directory: DIRECTORY };

  test('an attempt counts as failed from its beginning', () => {
    expect(begun).toMatchObject({ attempts: 1, nextTryMs: 1_100 });
    expect(attemptBegun(begun, order, context)).toMatchObject({ attempts: 2, nextTryMs: 1_200 });
  });

  test('a success forgets failures and the names that are certified', () => {
    const leftOut = {
      'b.test': { reason: 'x', attempts: 1, nextTryMs: 0 },
      'c.test': { reason: 'x', attempts: 1, nextTryMs: 0 },
    };
    const done = attemptSucceeded(
      { ...begun, leftOut, problem: 'x', pending },
      order.names,
      issued(order.names),
    );
    expect(done).toMatchObject({ attempts: 0, nextTryMs: 0, problem: undefined, pending: undefined });
    expect(Object.keys(done.leftOut)).toEqual(['c.test']);
  });

  test('trouble of the authority is nobody’s failure, and the order goes on later', () => {
    const failure = { kind: 'authority', problem: 'x', retryAfterMs: undefined } as const;
    expect(attemptFailed({ ...begun, pending }, before, order.names, failure, context)).toEqual({
      ...before,
      pending,
    });
  });

  test('a limit of the authority is a lower bound', () => {
    const failure = { kind: 'rate limited', problem: 'slow down', retryAfterMs: 7_000 } as const;
    expect(attemptFailed(begun, before, order.names, failure, context)).toMatchObject({
      problem: 'slow down',
      retryAfterMs: 8_000,
      nextTryMs: 8_000,
      attempts: 1,
    });
  });

  test('a name that fails is left out, and the others are ordered at once', () => {
    const failure = { kind: 'names', failed: [{ name: 'b.test', reason: 'dns: nothing' }] } as const;
    const after = attemptFailed({ ...begun, pending }, before, order.names, failure, context);
    expect(after).toMatchObject({ attempts: 0, nextTryMs: 0, pending: undefined, problem: undefined });
    expect(after.leftOut).toEqual({ 'b.test': { reason: 'dns: nothing', attempts: 1, nextTryMs: 1_100 } });
    expect(neededOrder(after, SETTINGS, 1_000)).toEqual({ need: 'none there', names: ['a.test'] });
  });

  test('with nothing left the set has failed', () => {
    const failed = order.names.map((name) => ({ name, reason: 'dns: nothing' }));
    expect(attemptFailed(begun, before, order.names, { kind: 'names', failed }, context)).toMatchObject({
      attempts: 1,
      nextTryMs: 1_100,
      problem: 'a.test: dns: nothing; b.test: dns: nothing',
      leftOut: {},
    });
  });

  test('a valid certificate is never shrunk by leaving a name out', () => {
    const valid = { ...begun, certificate: issued(order.names) };
    const failure = { kind: 'names', failed: [{ name: 'b.test', reason: 'gone' }] } as const;
    expect(attemptFailed(valid, valid, order.names, failure, context)).toMatchObject({
      leftOut: {},
      problem: 'b.test: gone',
      nextTryMs: 1_100,
    });
  });

  test('a name that was left out is tried again ever more rarely', () => {
    const leftOut = { 'b.test': { reason: 'x', attempts: 1, nextTryMs: 900 } };
    const partial = { ...before, certificate: issued(['a.test']), leftOut };
    const again = attemptBegun(partial, { need: 'left out before', names: order.names }, context);
    expect(again).toMatchObject({ attempts: 0, leftOut: { 'b.test': { attempts: 2, nextTryMs: 1_200 } } });
    const failure = { kind: 'names', failed: [{ name: 'b.test', reason: 'y' }] } as const;
    expect(attemptFailed(again, partial, order.names, failure, context).leftOut).toEqual({
      'b.test': { reason: 'y', attempts: 2, nextTryMs: 1_200 },
    });
  });

  test('other names begin anew, the same ones do not', () => {
    const failed = { ...begun, services: ['web'], problem: 'x' };
    expect(withWanted(failed, failed.wanted, ['web'], 0)).toEqual(failed);
    expect(withWanted(failed, ['c.test'], ['web'], 0)).toMatchObject({
      attempts: 0,
      nextTryMs: 0,
      problem: undefined,
    });
  });
});

describe('the schedule', () => {
  function plan(records: readonly CertificateRecord[], changes: Partial<ScheduleInput> = {}) {
    const result = schedule({
      ...SETTINGS,
      assigned: records.map(({ certName, wanted }) => ({
        certName,
        wish: wish([certName.slice(5, -4)], wanted),
      })),
      record: (certName) => records.find((one) => one.certName === certName),
      changedAtMs: () => 0,
      isRunning: () => false,
      troubledAtMs: () => 0,
      places: 4,
      condition: undefined,
      pause: undefined,
      limit: () => undefined,
      settleMs: 0,
      nowMs: 1_000,
      ...changes,
    });
    return { ...result, started: result.start.map(({ assigned }) => assigned.certName) };
  }
  const a = record('acme-a.pem', { wanted: ['a.test'] });
  const due = record('acme-b.pem', {
    wanted: ['b.test'],
    certificate: issued(['b.test'], { notAfterMs: 2_000, notBeforeMs: 0 }),
  });

  test('takes sets without a certificate first, the oldest wish first, and no more than there are places for', () => {
    const c = record('acme-c.pem', { wanted: ['c.test'] });
    const changedAtMs = (certName: string) => (certName === 'acme-c.pem' ? 1 : 2);
    expect(plan([due, a, c], { changedAtMs, renewAt: 0.1 }).started).toEqual([
      'acme-c.pem',
      'acme-a.pem',
      'acme-b.pem',
    ]);
    expect(plan([due, a, c], { changedAtMs, renewAt: 0.1, places: 1 }).started).toEqual(['acme-c.pem']);
  });

  test('waits until names have settled', () => {
    const settling = plan([a], { changedAtMs: () => 900, settleMs: 500 });
    expect([settling.started, settling.wakeMs]).toEqual([[], 1_400]);
    expect(plan([a], { changedAtMs: () => 500, settleMs: 500 }).started).toEqual(['acme-a.pem']);
  });

  test.each<[Partial<ScheduleInput>, string]>([
    [{ condition: 'no proxy' }, 'no proxy'],
    [{ pause: { problem: 'authority down', untilMs: 9_000 } }, 'authority down'],
    [{ limit: () => ({ variable: 'LIMIT_ORDERS', about: 'all orders', untilMs: 9_000 }) }, 'LIMIT_ORDERS'],
  ])('says why an order does not begin: %j', (changes, reason) => {
    const { started, waiting } = plan([a], changes);
    expect(started).toEqual([]);
    expect(waiting.get('acme-a.pem')).toContain(reason);
  });

  test('keeps the back-off, but not when somebody demands an order; the authority’s word counts always', () => {
    expect(plan([{ ...a, nextTryMs: 1_500 }])).toMatchObject({ started: [], wakeMs: 1_500 });
    expect(plan([{ ...a, nextTryMs: 1_500, isDemanded: true }]).started).toEqual(['acme-a.pem']);
    expect(plan([{ ...a, retryAfterMs: 1_500, isDemanded: true }])).toMatchObject({
      started: [],
      wakeMs: 1_500,
    });
  });

  test('puts what the authority was in trouble over behind all others', () => {
    const c = record('acme-c.pem', { wanted: ['c.test'] });
    const troubledAtMs = (certName: string) => (certName === 'acme-a.pem' ? 5 : 0);
    expect(plan([a, c], { troubledAtMs, places: 1 }).started).toEqual(['acme-c.pem']);
  });

  test('forgets an order at another authority', () => {
    const pending = { url: 'u', names: ['old.test'], keyPem: 'k', directory: 'https://other.test/dir' };
    expect(plan([{ ...a, pending }]).start[0]?.order).toEqual({ need: 'none there', names: ['a.test'] });
    expect(plan([{ ...a, pending, nextTryMs: 9_000 }]).started).toEqual([]);
  });

  test('takes up an order of an earlier life at once', () => {
    const pending = { url: 'u', names: ['a.test'], keyPem: 'k', directory: DIRECTORY };
    expect(plan([{ ...a, pending, nextTryMs: 9_000 }]).started).toEqual(['acme-a.pem']);
  });

  test('orders nothing for names that the certificate of another service covers', () => {
    const all = record('acme-all.pem', { wanted: ['*.test.org'], certificate: issued(['*.test.org']) });
    const one = record('acme-one.pem', { wanted: ['a.test.org'] });
    const covered = plan([all, one]);
    expect(covered.started).toEqual([]);
    expect(covered.covered).toEqual(new Map([['acme-all.pem', ['one']]]));
    expect(plan([all, { ...one, wanted: ['a.test.org', 'test.org'] }]).started).toEqual(['acme-one.pem']);
    expect(plan([{ ...all, certificate: issued(['*.test.org'], { notAfterMs: 0 }) }, one]).started).toContain(
      'acme-one.pem',
    );
    expect(plan([all, { ...one, isDemanded: true }]).started).toEqual(['acme-one.pem']);
  });

  test('has no orders for what is forbidden, running, or without names', () => {
    expect(plan([a], { isRunning: () => true }).started).toEqual([]);
    expect(plan([record('acme-x.pem')]).started).toEqual([]);
    const assigned = [{ certName: 'acme-a.pem', wish: wish(['a'], ['a.test'], { forbidden: 'trial' }) }];
    expect(plan([a], { assigned }).started).toEqual([]);
  });
});
