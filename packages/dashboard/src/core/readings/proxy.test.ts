import { expect, test } from '@jest/globals';
import { ProxyStatus, proxyReading } from './proxy.js';

const reading = (durations: readonly number[]) =>
  proxyReading(
    ProxyStatus.parse({
      haproxy: { running: true },
      changes: durations.map((durationMs, i) => ({ at: `2026-01-01T00:00:${59 - i}Z`, durationMs })),
    }),
  );

test('how long changes take is what 95 of 100 did not exceed', () => {
  const durations = Array.from({ length: 20 }, (_, i) => (i + 1) * 100);
  expect(reading(durations).changeP95Seconds).toBe(1.9);
  expect(reading([250]).changeP95Seconds).toBe(0.25);
});

test('the last good configuration is the one of the last change; before the first nothing is known', () => {
  expect(reading([1, 2]).lastChangeAtMs).toBe(Date.parse('2026-01-01T00:00:59Z'));
  expect(reading([])).not.toHaveProperty('lastChangeAtMs');
  expect(reading([])).not.toHaveProperty('changeP95Seconds');
});
