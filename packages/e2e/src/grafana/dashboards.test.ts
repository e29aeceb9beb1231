import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { refusalOf } from '../harness/prometheus/promtool.js';
import { readStackFile } from '../harness/swarm/stack-file.js';
import { dashboardQueries, variableQueries, type Dashboard } from './dashboard-queries.js';

const stacksDir = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../stacks');
const dir = path.join(stacksDir, 'grafana/dashboards');
const files = readdirSync(dir);

function read(file: string): Dashboard {
  return JSON.parse(readFileSync(path.join(dir, file), 'utf8')) as Dashboard;
}

describe.each(files)('%s', (file) => {
  const dashboard = read(file);

  test('asks Prometheus in PromQL', async () => {
    const queries = [...dashboardQueries(dashboard), ...variableQueries(dashboard)].map(({ query }) => query);
    expect(queries.length).toBeGreaterThan(10);
    expect(queries.filter((query) => query.includes('$'))).toEqual([]);
    expect(await refusalOf(queries)).toBeUndefined();
  });

  test('says what each panel shows', () => {
    const silent = dashboard.panels.filter((panel) => panel.type !== 'row' && !panel.description);
    expect(silent).toEqual([]);
  });

  test('has panels with ids of their own that do not lie on each other', () => {
    const ids = dashboard.panels.map((panel) => panel.id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)}/${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBeLessThanOrEqual(24);
  });
});

test('dashboards have addresses of their own', () => {
  const uids = files.map((file) => read(file).uid);
  expect(new Set(uids).size).toBe(files.length);
});

test('the stack file gives every dashboard to Grafana', () => {
  const stack = readStackFile(readFileSync(path.join(stacksDir, 'grafana.yml'), 'utf8'));
  const given = Object.values(stack.configs ?? {}).map((config) => config.file);
  expect(given).toEqual(expect.arrayContaining(files.map((file) => `grafana/dashboards/${file}`)));
  const mounted = stack.services['grafana']!.configs!.map((config) => config.source);
  expect(mounted.sort()).toEqual(Object.keys(stack.configs ?? {}).sort());
});
