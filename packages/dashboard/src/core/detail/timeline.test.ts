import { expect, test } from '@jest/globals';
import { alertSpans, alertsQuery, buildTimeline, stepSeconds, timelineQueries } from './timeline.js';

test('an alert with a gap was active twice', () => {
  const at = [100, 110, 120, 200, 210];
  expect(alertSpans([{ name: 'slow', state: 'firing', at }], 10)).toEqual([
    { name: 'slow', state: 'firing', fromMs: 100_000, toMs: 120_000 },
    { name: 'slow', state: 'firing', fromMs: 200_000, toMs: 210_000 },
  ]);
});

test('names of services and rules cannot leave their place in a query', () => {
  const [first] = timelineQueries('a.b"} or vector(1) #', 900);
  expect(first?.query).not.toContain('b"}');
  expect(alertsQuery(['x"}|.*'])).toBe(
    'max by (alertname, alertstate) (ALERTS{alertname=~"x\\\\\\"\\\\}\\\\|\\\\.\\\\*"})',
  );
  expect(alertsQuery([])).toBeUndefined();
});

test('steps leave about 180 points, and are never shorter than five seconds', () => {
  expect(([900, 3_600, 21_600, 86_400] as const).map(stepSeconds)).toEqual([5, 20, 120, 480]);
});

test('the count from before the range is where it begins', () => {
  const replicas = [1, 2, 3].map((wanted) => ({ atMs: wanted * 1_000, wanted }));
  const none = { decisions: [], series: [], loads: [], alerts: [], unanswered: [] };
  const input = { service: 'web', pieces: {}, ...none, replicas };
  const { replicas: within } = buildTimeline({ ...input, fromMs: 2_500, toMs: 9_000 });
  expect(within.map(({ wanted }) => wanted)).toEqual([2, 3]);
});
