import { describe, expect, test } from '@jest/globals';
import { ORDER_SETTINGS, DIRECTORY, issued, record } from '../../testing/records.js';
import { neededOrder } from './need.js';
import { attemptBegun, attemptFailed, attemptSucceeded, withWanted } from './record-changes.js';

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
    expect(neededOrder(after, ORDER_SETTINGS, 1_000)).toEqual({ need: 'none there', names: ['a.test'] });
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
