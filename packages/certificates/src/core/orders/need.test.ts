import { describe, expect, test } from '@jest/globals';
import { ORDER_SETTINGS, issued, record } from '../../testing/records.js';
import type { CertificateRecord } from '../model/certificate-record.js';
import { neededOrder } from './need.js';

const DAY = 86_400_000;

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
    expect(neededOrder(record('acme-web.pem', changes), ORDER_SETTINGS, nowMs)).toEqual(expected);
  });
});
