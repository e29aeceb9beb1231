import { expect, test } from '@jest/globals';
import { createFakeMetricsServer } from '../testing/metrics-server.fake.js';
import { createLookTimes } from './look-times.js';
import { selectorsOf } from './promql-selectors.js';
import { planOfLabels } from '../core/autoscaling/labels/plan-of-labels.js';

const INTERVAL_MS = 5_000;

function planOn(on: string) {
  const labels = { 'com.df.scaleOn': on, 'com.df.scaleTarget': '1' };
  const { plan } = planOfLabels('web', labels, { min: 1, max: 5 });
  if (!plan) throw new Error(`no plan for ${on}`);
  return plan;
}

/** A Prometheus whose samples are so old whenever it is asked. */
function world(ageSeconds: () => number) {
  const server = createFakeMetricsServer();
  let nowMs = 100_000;
  const times = createLookTimes(INTERVAL_MS, {
    server: {
      ...server,
      query(expression, timeoutMs) {
        const age = ageSeconds();
        const series = Number.isNaN(age) ? [] : [{ labels: { age: String(age) }, value: '1' }];
        server.results.set('count_values', { ok: true, series });
        return server.query(expression, timeoutMs);
      },
    },
    now: () => nowMs,
  });
  async function lookAt(ms: number): Promise<number> {
    nowMs = ms;
    await times.ask([planOn('sum(jobs{queue="a"})')], ms, 4_000);
    return times.nextAfter(ms);
  }
  return { server, lookAt };
}

test('looks move once to where samples are new, and it is asked again a minute later', async () => {
  let nowMs = 0;
  // Scrapes at full five seconds.
  const { server, lookAt } = world(() => (nowMs % INTERVAL_MS) / 1_000);
  const next = async (ms: number) => lookAt((nowMs = ms));
  expect(await next(102_000)).toBe(105_250);
  expect(await next(105_250)).toBe(110_250);
  expect(await next(110_250)).toBe(115_250);
  expect(server.queries).toHaveLength(2);
  await next(166_000);
  expect(server.queries).toHaveLength(3);
});

test('where no time is better than another, it is asked a few times and then once a minute', async () => {
  let ages = 0;
  const { server, lookAt } = world(() => (ages = (ages + 2.3) % 5));
  for (let ms = 100_000; ms < 150_000;) ms = await lookAt(ms);
  expect(server.queries.length).toBeLessThanOrEqual(4);
});

test('without samples looks come an interval after each other', async () => {
  const { lookAt } = world(() => NaN);
  expect(await lookAt(100_000)).toBe(105_000);
});

test('selectors of an expression, without ranges, offsets and what only looks like one', () => {
  expect(
    selectorsOf(
      'sum by (x) (rate(a_total{j="b\\"}"}[5m] offset 3m)) / on (y) group_left foo + {__name__="z"} > bool 1',
    ),
  ).toEqual(['a_total{j="b\\"}"}', 'foo', '{__name__="z"}']);
  expect(selectorsOf('vector(1)')).toEqual([]);
});
