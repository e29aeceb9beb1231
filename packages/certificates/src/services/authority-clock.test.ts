import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createAuthorityClock } from './authority-clock.js';

test.each([
  [1_000, 0],
  [-200_000, 0],
  [400_000, 400_000],
  [-400_000, -400_000],
])('an authority that is %i ms ahead moves our time by %i', (offsetMs, moved) => {
  const clock = createAuthorityClock(() => 1_000_000, silentLogger());
  clock.told(1_000_000 + offsetMs);
  expect([clock.nowMs() - 1_000_000, clock.offsetMs()]).toEqual([moved, offsetMs]);
});

test('a clock that is set right counts again', () => {
  let system = 0;
  const clock = createAuthorityClock(() => system, silentLogger());
  clock.told(900_000);
  system = 900_000;
  clock.told(900_500);
  expect(clock.nowMs()).toBe(900_000);
});
