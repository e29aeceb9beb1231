import { expect, test } from '@jest/globals';
import { Counter, Gauge, Registry } from 'prom-client';
import { keepOldName } from './renamed-metric.js';

test('the old name of a metric has type, labels and values of the new one, at every scrape', async () => {
  const registry = new Registry();
  const metric = new Counter({
    name: 'new_total',
    help: 'Things',
    labelNames: ['kind'],
    registers: [registry],
  });
  keepOldName(registry, { name: 'old_total', metric, labelNames: ['kind'] });
  metric.inc({ kind: 'a' }, 2);
  await registry.metrics();
  metric.inc({ kind: 'a' });
  metric.inc({ kind: 'b' });
  const text = await registry.metrics();
  expect(text).toContain('# TYPE old_total counter\nold_total{kind="a"} 3\nold_total{kind="b"} 1\n');
  expect(text).toContain('new_total{kind="a"} 3\nnew_total{kind="b"} 1\n');
});

test('a gauge may fall under both names', async () => {
  const registry = new Registry();
  let waiting = 5;
  const metric = new Gauge({
    name: 'new_waiting',
    help: 'Things that wait',
    registers: [registry],
    collect() {
      this.set(waiting);
    },
  });
  keepOldName(registry, { name: 'old_waiting', metric });
  await registry.metrics();
  waiting = 1;
  expect(await registry.metrics()).toContain('\nold_waiting 1\n');
});
