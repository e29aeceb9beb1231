import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { issued } from '../../testing/records.js';
import { adviceOf, renewalByLifetimeMs, renewalMomentMs } from './renewal-moment.js';

const DAY = 86_400_000;

test('by age a certificate is renewed at a share of its life, always the same for a serial number', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{2,40}$/), (serial) => {
      const certificate = issued(['a.test'], { serial, notBeforeMs: 0, notAfterMs: 100 * DAY });
      const moment = renewalByLifetimeMs(certificate, 0.6) / DAY;
      expect(moment).toBeGreaterThanOrEqual(57);
      expect(moment).toBeLessThanOrEqual(63);
      expect(renewalByLifetimeMs(certificate, 0.6) / DAY).toBe(moment);
    }),
  );
});

describe('renewal information', () => {
  const certificate = issued(['a.test'], { notBeforeMs: 0, notAfterMs: 100 * DAY });
  const text = (days: number) => new Date(days * DAY).toISOString();
  const window = (from: number, to: number) => ({ start: text(from), end: text(to), askAgainMs: 5 });

  test('gives a moment of its window, which stays while windows overlap', () => {
    const first = adviceOf(window(10, 20), certificate, undefined, 0.5);
    expect(first).toMatchObject({ chosenMs: 15 * DAY, askAgainMs: 5 });
    expect(adviceOf(window(12, 22), certificate, first, 0).chosenMs).toBe(15 * DAY);
    expect(adviceOf(window(16, 26), certificate, first, 0).chosenMs).toBe(15 * DAY);
    expect(adviceOf(window(5, 12), certificate, first, 0).chosenMs).toBe(12 * DAY);
    expect(adviceOf(window(21, 31), certificate, first, 0).chosenMs).toBe(21 * DAY);
    expect(renewalMomentMs(certificate, first, 0.6)).toBe(15 * DAY);
  });

  test.each([
    ['backwards', window(20, 10)],
    ['too late', window(85, 95)],
    ['unreadable', { start: 'soon', end: 'later', askAgainMs: 5 }],
  ])('counts as none when the window is %s', (_title, answer) => {
    const advice = adviceOf(answer, certificate, undefined, 0.5);
    expect(advice).toEqual({ window: undefined, chosenMs: undefined, askAgainMs: 5 });
    expect(renewalMomentMs(certificate, advice, 0.6)).toBe(renewalByLifetimeMs(certificate, 0.6));
  });
});
