import { describe, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { Registry } from 'prom-client';
import { acceptedAlerts, rejectedAlerts, type Change } from '../core/services/monitor-state.js';
import { createMonitorMetrics } from '../metrics.js';
import { fakeWorld } from '../testing/fake-installation.js';
import { putService } from '../testing/world.js';
import { createInstallReport } from './install-report.js';
import { createServiceChanges } from './service-changes.js';

async function world({ pulled = [] as readonly Change[], hasCheck = true, retryMs = 60_000 } = {}) {
  const { check, files, prometheus, installer } = fakeWorld();
  check.missing = !hasCheck;
  const registry = new Registry();
  const report = createInstallReport({ metrics: createMonitorMetrics(registry), logger: silentLogger() });
  const changes = createServiceChanges({ installer, report, logger: silentLogger(), retryMs });
  changes.merge(pulled);
  await changes.load();
  // What it finds on disk when it starts.
  const started = files.placed();
  const stop = new AbortController();
  const running = changes.actor.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  const put = (service: string, more: Record<string, string> = {}) =>
    changes.submit(putService({ serviceName: service, scrapePort: '80', ...more }));
  return { changes, report, check, files, prometheus, registry, started, put, end };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('requests', () => {
  test('one at a time lead to one reload each, also when nothing changes', async () => {
    const { put, prometheus, end } = await world();
    await put('a');
    await put('a');
    await put('b');
    expect(prometheus.reloads).toBe(3);
    await end();
  });

  test('in a burst lead to few reloads, and each is answered when its own state is live', async () => {
    const { put, prometheus, end } = await world();
    const names = Array.from({ length: 100 }, (_, i) => `service-${i}`);
    await Promise.all(
      names.map(async (name) => {
        expect((await put(name)).failure).toBeUndefined();
        expect(prometheus.running?.config).toContain(`job_name: ${name}\n`);
      }),
    );
    expect(prometheus.reloads).toBeLessThanOrEqual(2);
    await end();
  });

  test('about one service that come at once are live one after the other', async () => {
    const { put, prometheus, end } = await world();
    const seen: boolean[] = [];
    const paths = ['/1', '/2', '/3'];
    await Promise.all(
      paths.map(async (metricsPath) => {
        await put('a', { metricsPath });
        seen.push(prometheus.running?.config.includes(`metrics_path: ${metricsPath}\n`) ?? false);
      }),
    );
    expect(seen).toEqual([true, true, true]);
    await end();
  });

  test('that come while the program stops are rejected rather than left waiting', async () => {
    const { put, prometheus, end } = await world();
    let release: () => void = () => undefined;
    prometheus.hold = new Promise((resolve) => (release = resolve));
    const first = put('a');
    await until(() => prometheus.reloads > 0);
    const second = put('b');
    const ended = end();
    release();
    await ended;
    expect((await first).failure).toBeUndefined();
    expect((await second).failure).toContain('stopping');
    expect((await put('c')).failure).toContain('stopping');
  });
});

describe('alerts', () => {
  const persistent = {
    alertName: 'p',
    alertIf: 'up',
    alertPersistent: 'true',
    'alertName.1': 'q',
    'alertIf.1': 'up',
  };

  test('that are persistent survive a removal, but not the next description of the service', async () => {
    const { changes, put, end } = await world();
    await put('a', persistent);
    const { removed } = await changes.submit({ kind: 'remove-service', service: 'a' });
    expect(removed.scrape).toMatchObject({ service: 'a', port: 80 });
    expect(removed.alerts.map(({ name }) => name)).toEqual(['q']);
    expect(acceptedAlerts(changes.state().services.get('a')!).map(({ name }) => name)).toEqual(['p']);
    await put('a');
    expect(acceptedAlerts(changes.state().services.get('a')!)).toEqual([]);
    await end();
  });

  test('of a service that no listener knows any more go, persistent ones as well', async () => {
    const { changes, put, prometheus, end } = await world();
    await put('a', persistent);
    changes.merge([{ kind: 'forget-service', service: 'a' }]);
    await put('b');
    expect(changes.state().services.has('a')).toBe(false);
    expect(prometheus.running?.rules).toBeUndefined();
    await end();
  });

  test('that are rejected keep their place in the order of the request', async () => {
    const { put, end } = await world();
    const { record } = await put('a', {
      'alertName.1': 'one',
      'alertIf.1': 'REJECTED',
      'alertName.2': 'two',
      'alertIf.2': '@nope',
      'alertName.3': 'three',
      'alertIf.3': 'up',
    });
    expect(rejectedAlerts(record!).map(({ alertName }) => alertName)).toEqual(['one', 'two']);
    expect(acceptedAlerts(record!).map(({ name }) => name)).toEqual(['three']);
    await end();
  });
});

test('of a burst that Prometheus rejects only the rejected change fails', async () => {
  const { put, report, prometheus, end } = await world();
  await put('first');
  const [a, bad, b] = await Promise.all([put('a'), put('bad', { metricsPath: '/UNLOADABLE' }), put('b')]);
  expect([a.failure, b.failure]).toEqual([undefined, undefined]);
  expect(bad.failure).toContain('UNLOADABLE');
  for (const name of ['first', 'a', 'b']) expect(prometheus.running?.config).toContain(`job_name: ${name}\n`);
  expect(prometheus.running?.config).not.toContain('job_name: bad');
  expect(report.lastReload().lastGoodAt).toBeInstanceOf(Date);
  await end();
});

test('a reload that failed is tried again although nobody asks', async () => {
  const { put, report, prometheus, end } = await world({ retryMs: 5 });
  prometheus.answer = { kind: 'failed', reason: 'not ready yet' };
  expect((await put('a')).failure).toBe('not ready yet');
  prometheus.answer = undefined;
  await until(() => report.lastReload().result === 'live');
  expect(prometheus.running?.config).toContain('job_name: a\n');
  await end();
});

test('without a check beforehand Prometheus starts without services, and a bad one costs nobody else', async () => {
  const pulled = [
    putService({ serviceName: 'bad', scrapePort: '1', metricsPath: '/UNLOADABLE' }),
    putService({ serviceName: 'good', scrapePort: '1' }),
  ];
  const { changes, prometheus, started, end } = await world({ pulled, hasCheck: false });
  expect(started?.config).not.toContain('UNLOADABLE');
  await until(() => prometheus.running?.config.includes('job_name: good\n') ?? false);
  expect([...changes.state().services.keys()].sort()).toEqual(['bad', 'good']);
  expect(prometheus.running?.config).not.toContain('UNLOADABLE');
  await end();
});

test('a change that cannot be installed fails alone', async () => {
  const { put, check, end } = await world();
  const original = check.check.bind(check);
  check.check = () => Promise.reject(new Error('no processes left'));
  expect((await put('a')).failure).toContain('no processes left');
  check.check = original;
  expect((await put('b')).failure).toBeUndefined();
  await end();
});

test('metrics tell services, alerts, rejections and reloads', async () => {
  const { put, registry, prometheus, end } = await world();
  await put('a', {
    alertName: 'x',
    alertIf: 'up',
    'alertName.1': 'y',
    'alertIf.1': 'REJECTED',
    scrapePort: 'abc',
  });
  prometheus.answer = { kind: 'failed', reason: 'gone' };
  await put('b');
  const text = await registry.metrics();
  for (const line of [
    'docker_flow_monitor_services 2',
    'docker_flow_monitor_scrape_jobs 1',
    'docker_flow_monitor_alerts 1',
    'docker_flow_monitor_rejected_alerts 1',
    'docker_flow_monitor_rejected_alerts_total 1',
    'docker_flow_monitor_unreadable_labels 1',
    'docker_flow_monitor_warnings{service="a",label="scrapePort"} 1',
    'docker_flow_monitor_reloads_total{result="live"} 1',
    'docker_flow_monitor_reloads_total{result="failed"} 1',
  ])
    expect(text).toContain(`${line}\n`);
  await end();
});
