// cluster: --nodes 2
// images: loop
// when: ci
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import {
  LISTENER,
  MONITOR,
  startMonitoredSwarm,
  type Asked,
  type MonitoredSwarm,
} from '../../harness/prometheus/monitored-swarm.js';
import type { Rule } from '../../harness/prometheus/prometheus-state.js';
import { withLogsOnFailure } from '../../harness/swarm/service-logs.js';
import { createProgress } from '../../harness/progress.js';
import { askInside } from '../../harness/swarm/inside-container.js';
import { updateNode } from '../../harness/swarm/update-node.js';
import { until } from '../../harness/until.js';

/** What Prometheus says when the listener, the monitor or Prometheus itself goes away and comes back. */

const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
/** What the monitor's list of pulls calls services and nodes of the listener. */
const PULLED = [':8080', '/get-nodes'];
let swarm: MonitoredSwarm;

function alwaysOf(severity: string): Rule {
  return {
    query: 'vector(1)',
    forSeconds: 0,
    labels: { severity },
    annotations: { summary: 'Value is {{ $value }}' },
  };
}

/** A job and a rule that fires for each service, by the severity of its alert. */
function ask(severities: Readonly<Record<string, string>>): Asked {
  const entries = Object.entries(severities);
  const fires = (severity: string) => ({ labels: { severity }, annotations: { summary: 'Value is 1' } });
  return {
    jobs: Object.fromEntries(entries.map(([service]) => [service, { tier: service }])),
    rules: Object.fromEntries(
      entries.map(([service, severity]) => [`${service}_always`, alwaysOf(severity)]),
    ),
    firing: Object.fromEntries(entries.map(([service, severity]) => [`${service}_always`, fires(severity)])),
  };
}

async function becomes(what: string, asked: Asked): Promise<void> {
  progress.note(what);
  await withLogsOnFailure(docker, progress, () => swarm.becomes(what, asked));
}

async function create(service: string, replicas: number, severity: string): Promise<void> {
  await swarm.create(service, replicas, {
    'com.df.scrapePort': '8080',
    'com.df.tier': service,
    'com.df.alertName': 'always',
    'com.df.alertIf': 'vector(1)',
    'com.df.alertLabels': `severity=${severity}`,
    'com.df.alertAnnotations': 'summary=Value is {{ $value }}',
    'com.df.alertPersistent': 'true',
  });
}

function changeSeverity(service: string, severity: string): Promise<void> {
  return swarm.update(service, '--label-add', `com.df.alertLabels=severity=${severity}`);
}

beforeAll(async () => {
  swarm = await startMonitoredSwarm(cluster, docker, '3s');
  const [node = ''] = (await docker.run(['node', 'ls', '--format', '{{.Hostname}}'])).trim().split('\n');
  await updateNode(docker, node, '--label-add', 'com.df.zone=east');
  for (const service of ['one', 'two', 'three', 'four']) await create(service, 2, 'low');
  await becomes('services created', ask({ one: 'low', two: 'low', three: 'low', four: 'low' }));
  await listed();
});
afterAll(() => (process.env['DF_KEEP'] ? undefined : swarm.close()), 120_000);

/**
 * Waits until the monitor has pulled a list that names all of this. A service that it was only ever told of stays until it
 * is told of its end, because no list ever named it; a listener whose health check is slow to pass has no address before.
 */
async function listed(): Promise<void> {
  const since = Date.now();
  await until('the monitor has asked the listener', async () => {
    const status = await askInside(docker, MONITOR, 'http://127.0.0.1:8080/v1/docker-flow-monitor/status');
    const { lastPulls } = JSON.parse(status) as { readonly lastPulls: Readonly<Record<string, string>> };
    const missing = PULLED.filter((kind) => {
      const address = Object.keys(lastPulls).find((one) => one.endsWith(kind));
      return address === undefined || Date.parse(lastPulls[address] ?? '') < since;
    });
    return missing.length === 0 ? { done: true } : { notYet: `${missing.join()}: ${status}` };
  });
}

/** The state now, without the health of targets. */
async function calmState() {
  const [state] = await swarm.statesDuring(() => Promise.resolve());
  return state;
}

/** Ends the container of a service as a deploy does, or by force, and waits for its successor. */
async function successor(service: string, end: (container: string) => Promise<unknown>) {
  const before = await swarm.container(service);
  await end(before);
  const status = await swarm.exitStatus(before);
  await until(`another container of ${service}`, async () =>
    (await swarm.container(service)) === before ? { notYet: 'the old one' } : { done: true },
  );
  return status;
}

test('a restart of the listener changes nothing in Prometheus, not even for a moment', async () => {
  const before = await calmState();
  const states = await swarm.statesDuring(async () => {
    await successor(LISTENER, () => swarm.update(LISTENER, '--force'));
    // The new listener tells everything once more; what changes after that must come through it.
    await changeSeverity('one', 'high');
    await becomes('a change after the restart', ask({ one: 'high', two: 'low', three: 'low', four: 'low' }));
  });
  const others = (state: (typeof states)[number] | undefined) => ({
    jobs: state?.jobs,
    targets: state?.targets,
    rules: Object.entries(state?.rules ?? {}).filter(([name]) => name !== 'one_always'),
  });
  await withLogsOnFailure(docker, progress, () => {
    for (const state of states) expect(others(state)).toEqual(others(before));
    return Promise.resolve();
  });
});

test('what happened while the listener was away is known soon after it is back', async () => {
  await swarm.update(LISTENER, '--replicas', '0');
  await swarm.exitStatus(await swarm.container(LISTENER));
  await docker.run(['service', 'rm', 'four']);
  await changeSeverity('one', 'middle');
  await swarm.update('two', '--replicas', '3');
  await swarm.update(LISTENER, '--replicas', '1');
  await becomes('the listener is back', ask({ one: 'middle', two: 'low', three: 'low' }));
});

test('a monitor that is restarted ends well and knows everything from its first answer on', async () => {
  const expected = await calmState();
  let status: number | undefined;
  const states = await swarm.statesDuring(async () => {
    status = await successor(MONITOR, () => swarm.update(MONITOR, '--force'));
    await becomes('the monitor is back', ask({ one: 'middle', two: 'low', three: 'low' }));
  });
  expect(status).toBe(0);
  for (const { jobs, rules } of states)
    expect({ jobs, rules }).toEqual({ jobs: expected?.jobs, rules: expected?.rules });
});

test('what happened while the monitor was away is known when it is back, without what was removed', async () => {
  await swarm.update(MONITOR, '--replicas', '0');
  await swarm.exitStatus(await swarm.container(MONITOR));
  await docker.run(['service', 'rm', 'three']);
  await changeSeverity('one', 'highest');
  await create('five', 1, 'low');
  await swarm.update(MONITOR, '--replicas', '1');
  await becomes('the monitor is back', ask({ one: 'highest', two: 'low', five: 'low' }));
});

test('when Prometheus is killed, its container ends with an error and the next one runs the same', async () => {
  const expected = await calmState();
  const kill = `for (const id of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)))
    if (fs.readFileSync('/proc/' + id + '/comm', 'utf8').trim() === 'prometheus') process.kill(Number(id), 'SIGKILL')`;
  const states = await swarm.statesDuring(async () => {
    const status = await successor(MONITOR, (container) =>
      docker.run(['exec', container, 'node', '-e', kill]),
    );
    expect(status).not.toBe(0);
    await becomes('after the crash', ask({ one: 'highest', two: 'low', five: 'low' }));
  });
  for (const { jobs, rules } of states)
    expect({ jobs, rules }).toEqual({ jobs: expected?.jobs, rules: expected?.rules });
});
