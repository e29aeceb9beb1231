import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { canonicalMonitorParameters, parseMonitorLabels } from '@docker-flow/labels';
import { refusalOf } from '../harness/prometheus/promtool.js';
import { labelsOf, readStackFile } from '../harness/swarm/stack-file.js';

const stacksDir = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../stacks');
const files = readdirSync(stacksDir).filter((name) => name.endsWith('.yml'));

test.each(files)('%s: conditions of alerts are PromQL or shortcuts', async (file) => {
  const text = readFileSync(path.join(stacksDir, file), 'utf8');
  const { services } = readStackFile(text, { MONITOR_PASSWORD: 'secret' });
  const conditions = Object.values(services)
    .map((service) =>
      Object.entries(labelsOf(service)).map(([label, value]) => [label.slice(7), value] as const),
    )
    .flatMap((labels) => parseMonitorLabels(canonicalMonitorParameters(labels)).alerts)
    .map((alert) => alert.condition);
  expect(await refusalOf(conditions.filter((condition) => !condition.startsWith('@')))).toBeUndefined();
});
