import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { Registry } from 'prom-client';
import { createMonitorMetrics } from '../metrics.js';
import { createRuleHealth } from './rule-health.js';

const DUPLICATES = 'found duplicate series for the match group {} on the right hand-side of the operation';

/** Answers, one for each look; after the last one it ends. */
async function lookAt(answers: readonly (ReadonlyMap<string, string> | undefined)[]) {
  const registry = new Registry();
  const lines: string[] = [];
  const stop = new AbortController();
  const left = [...answers];
  const health = createRuleHealth({
    ask() {
      const answer = left.shift();
      if (left.length === 0) stop.abort();
      return Promise.resolve(answer);
    },
    metrics: createMonitorMetrics(registry),
    logger: {
      ...silentLogger(),
      warn: (message, fields) => lines.push(`${message}: ${JSON.stringify(fields)}`),
    },
    intervalMs: 1,
  });
  await health.actor.run(stop.signal);
  const text = await registry.metrics();
  const failing = text.split('\n').filter((line) => line.startsWith('docker_flow_monitor_failing_rules{'));
  return { errors: [...health.lastErrors()], failing, lines };
}

test('a rule that fails only when it is evaluated is told by name, in a metric, and once in the log', async () => {
  const failed = new Map([['shop_web_slow', DUPLICATES]]);
  expect(await lookAt([failed, failed, failed])).toEqual({
    errors: [['shop_web_slow', DUPLICATES]],
    failing: ['docker_flow_monitor_failing_rules{rule="shop_web_slow"} 1'],
    lines: [`Alert cannot be evaluated: {"rule":"shop_web_slow","reason":"${DUPLICATES}"}`],
  });
});

test('one that is mended is forgotten, one that fails for another reason told again', async () => {
  const found = await lookAt([
    new Map([
      ['a', 'one'],
      ['b', 'one'],
    ]),
    new Map([['b', 'two']]),
  ]);
  expect([found.errors, found.failing]).toEqual([
    [['b', 'two']],
    ['docker_flow_monitor_failing_rules{rule="b"} 1'],
  ]);
  expect(found.lines).toHaveLength(3);
});

test('a Prometheus that does not answer says nothing of its rules: what was known stays', async () =>
  expect((await lookAt([new Map([['a', 'one']]), undefined])).errors).toEqual([['a', 'one']]));
