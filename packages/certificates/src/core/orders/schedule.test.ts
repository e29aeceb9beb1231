import { describe, expect, test } from '@jest/globals';
import { ORDER_SETTINGS, DIRECTORY, issued, record, wish } from '../../testing/records.js';
import type { CertificateRecord } from '../model/certificate-record.js';
import { schedule, type ScheduleInput } from './schedule.js';

describe('the schedule', () => {
  function plan(records: readonly CertificateRecord[], changes: Partial<ScheduleInput> = {}) {
    const result = schedule({
      ...ORDER_SETTINGS,
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
