import { describe, expect, test } from '@jest/globals';
import { applyChanges, EMPTY_STATE, rejectedAlerts } from '../core/services/monitor-state.js';
import { fakeWorld } from '../testing/fake-installation.js';
import type { InstallRules } from './installer.js';
import { composeState, putService } from '../testing/world.js';

const RELOAD: InstallRules = { mode: 'reload', rejectsNewParts: true };

function world(environment: Record<string, string> = {}, scrapeFiles: Record<string, string> = {}) {
  const texts = { ...scrapeFiles };
  return { ...fakeWorld({ environment, scrapeFiles: texts }), texts };
}

const good = { serviceName: 'good', scrapePort: '80', alertName: 'a', alertIf: 'up > 1' };

describe('the good case', () => {
  test('takes one check, one write and one reload', async () => {
    const { installer, check, files, prometheus } = world();
    const { reload } = await installer.install(composeState({ services: [good] }), RELOAD);
    expect(reload).toEqual({ kind: 'live' });
    expect([check.counts.files, files.writes, prometheus.reloads]).toEqual([1, 1, 1]);
    expect(prometheus.running?.rules).toContain('good_a');
  });

  test('does not reload when nothing has changed and nobody waits', async () => {
    const { installer, prometheus } = world();
    const state = composeState({ services: [good] });
    await installer.install(state, RELOAD);
    const rules = { mode: 'reload-if-changed', rejectsNewParts: true } as const;
    expect((await installer.install(state, rules)).reload).toEqual({ kind: 'unchanged' });
    expect(prometheus.reloads).toBe(1);
  });

  test('reads scrape files anew each time', async () => {
    const { installer, prometheus, texts } = world({}, { scrape_a: '- job_name: one' });
    await installer.install(composeState({}), RELOAD);
    texts['scrape_a'] = '- job_name: two';
    await installer.install(composeState({}), RELOAD);
    expect(prometheus.running?.config).toContain('job_name: two');
  });
});

describe('what the check rejects is left out alone', () => {
  test('a bad alert is rejected with the reason, and rejected at once when it comes again', async () => {
    const { installer, check, prometheus } = world();
    const bad = { serviceName: 'bad', scrapePort: '81', alertName: 'b', alertIf: 'REJECTED' };
    const services = [good, bad];
    const { state, reload } = await installer.install(composeState({ services }), RELOAD);
    expect(reload).toEqual({ kind: 'live' });
    expect(rejectedAlerts(state.services.get('bad')!)).toEqual([
      { alertName: 'b', reason: 'contains REJECTED' },
    ]);
    expect(prometheus.running?.rules).toContain('good_a');
    expect(prometheus.running?.config).toContain('job_name: bad');
    const checks = check.counts.files;
    await installer.install(composeState({ services }), RELOAD);
    expect(check.counts.files).toBe(checks + 1);
  });

  test('a bad alert that another one of its name replaces is rejected, too', async () => {
    const { installer, prometheus } = world();
    const service = {
      serviceName: 'twice',
      'alertName.1': 'a',
      'alertIf.1': 'REJECTED 1',
      'alertName.2': 'a',
      'alertIf.2': 'REJECTED 2',
      'alertName.3': 'a',
      'alertIf.3': 'up',
    };
    const { state } = await installer.install(composeState({ services: [service] }), RELOAD);
    expect(rejectedAlerts(state.services.get('twice')!)).toEqual([
      { alertName: 'a', reason: 'contains REJECTED' },
      { alertName: 'a', reason: 'contains REJECTED' },
    ]);
    expect(prometheus.running?.rules).toContain('expr: up');
  });

  test('a bad job of a service costs that job, not its alerts', async () => {
    const { installer, prometheus } = world();
    const bad = {
      serviceName: 'bad',
      scrapePort: '81',
      metricsPath: '/REJECTED',
      alertName: 'b',
      alertIf: 'up',
    };
    await installer.install(composeState({ services: [good, bad] }), RELOAD);
    expect(prometheus.running?.config).not.toContain('bad');
    expect(prometheus.running?.rules).toContain('bad_b');
    expect([...installer.rejectedParts()]).toEqual([['service bad', 'contains REJECTED']]);
  });

  test('and comes back when it has changed', async () => {
    const { installer, prometheus } = world();
    const bad = { serviceName: 'bad', scrapePort: '81', metricsPath: '/REJECTED' };
    await installer.install(composeState({ services: [bad] }), RELOAD);
    await installer.install(composeState({ services: [{ ...bad, metricsPath: '/m' }] }), RELOAD);
    expect(prometheus.running?.config).toContain('job_name: bad');
    expect(installer.rejectedParts().size).toBe(0);
  });

  test('and is forgotten with its service', async () => {
    const { installer } = world();
    const bad = { serviceName: 'bad', scrapePort: '81', metricsPath: '/REJECTED' };
    await installer.install(composeState({ services: [good, bad] }), RELOAD);
    await installer.install(composeState({ services: [good] }), RELOAD);
    expect(installer.rejectedParts().size).toBe(0);
  });

  test('a rule that is rejected only among the others is rejected, too', async () => {
    const { installer, check } = world();
    check.checkAlerts = () => Promise.resolve(new Map());
    const bad = { serviceName: 'bad', alertName: 'b', alertIf: 'REJECTED' };
    const { state } = await installer.install(composeState({ services: [good, bad] }), RELOAD);
    expect(rejectedAlerts(state.services.get('bad')!)).toEqual([
      { alertName: 'b', reason: 'contains REJECTED' },
    ]);
  });

  test('a bad variable or job of a file goes, what stands beside it stays', async () => {
    const environment = {
      REMOTE_WRITE_1__FOO: 'REJECTED',
      REMOTE_WRITE_1__URL: 'http://w',
      REMOTE_READ_1__FOO: 'x',
    };
    const { installer, prometheus } = world(environment, {
      scrape_a: '- job_name: one\n- job_name: REJECTED\n',
    });
    await installer.install(composeState({}), RELOAD);
    expect(prometheus.running?.config).toBe(
      "scrape_configs:\n- job_name: one\nremote_write:\n- url: 'http://w'\n",
    );
    expect([...installer.rejectedParts().keys()].sort()).toEqual([
      'scrape file scrape_a REJECTED',
      'variable REMOTE_WRITE_1__FOO',
    ]);
  });
});

describe('what only Prometheus itself rejects', () => {
  const bad = { serviceName: 'bad', scrapePort: '81', metricsPath: '/UNLOADABLE' };

  test('is taken back, and the next change of somebody else goes through', async () => {
    const { installer, files, prometheus } = world();
    const first = applyChanges(EMPTY_STATE, [putService(good)]).state;
    await installer.install(first, RELOAD);
    const before = prometheus.running;
    const second = applyChanges(first, [putService(bad)]).state;
    const { reload } = await installer.install(second, RELOAD);
    expect(reload).toEqual({ kind: 'rejected', reason: 'will not load UNLOADABLE' });
    expect([files.placed(), prometheus.running]).toEqual([before, before]);
    expect([...installer.rejectedParts().keys()]).toEqual(['service bad']);
    const third = applyChanges(second, [putService({ serviceName: 'other', scrapePort: '1' })]).state;
    expect((await installer.install(third, RELOAD)).reload).toEqual({ kind: 'live' });
    expect(prometheus.running?.config).toContain('job_name: other');
    expect(prometheus.running?.config).toContain('job_name: good');
  });
});

test('a rejection after a reload that nobody confirmed goes back to what ran for certain', async () => {
  const { installer, files, prometheus } = world();
  const first = applyChanges(EMPTY_STATE, [putService(good)]).state;
  await installer.install(first, RELOAD);
  const before = prometheus.running;
  prometheus.answer = { kind: 'failed', reason: 'no answer' };
  const second = applyChanges(first, [putService({ serviceName: 'slow', scrapePort: '1' })]).state;
  await installer.install(second, RELOAD);
  prometheus.answer = undefined;
  const bad = putService({ serviceName: 'bad', alertName: 'b', alertIf: 'UNLOADABLE' });
  const { state } = await installer.install(applyChanges(second, [bad]).state, RELOAD);
  expect([files.placed(), prometheus.running]).toEqual([before, before]);
  expect(rejectedAlerts(state.services.get('bad')!)).toEqual([
    { alertName: 'b', reason: 'rejected by Prometheus: will not load UNLOADABLE' },
  ]);
});

test('without a check nothing is written before Prometheus has started', async () => {
  const { installer, check, files, prometheus } = world();
  check.missing = true;
  prometheus.notReady = 'it starts';
  const state = composeState({ services: [good] });
  expect((await installer.install(state, RELOAD)).reload).toEqual({ kind: 'failed', reason: 'it starts' });
  expect(files.writes).toBe(0);
  prometheus.notReady = undefined;
  expect((await installer.install(state, RELOAD)).reload).toEqual({ kind: 'live' });
});

describe('failures', () => {
  test('a Prometheus that does not run keeps nobody from writing', async () => {
    const { installer, files, prometheus } = world();
    prometheus.answer = { kind: 'failed', reason: 'not running' };
    const { reload } = await installer.install(composeState({ services: [good] }), RELOAD);
    expect(reload).toEqual({ kind: 'failed', reason: 'not running' });
    expect(files.placed()?.rules).toContain('good_a');
  });

  test('a reload that failed is tried again even though the files are already new', async () => {
    const { installer, prometheus } = world();
    const state = composeState({ services: [good] });
    prometheus.answer = { kind: 'failed', reason: 'not running' };
    await installer.install(state, RELOAD);
    prometheus.answer = undefined;
    const again = await installer.install(state, { mode: 'reload-if-changed', rejectsNewParts: true });
    expect(again.reload).toEqual({ kind: 'live' });
  });

  test('a disk that is full is told', async () => {
    const { installer, files } = world();
    files.failure = new Error('no space left');
    const { reload } = await installer.install(composeState({ services: [good] }), RELOAD);
    expect(reload).toEqual({ kind: 'failed', reason: expect.stringContaining('no space left') });
  });
});
