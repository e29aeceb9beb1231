// cluster: --nodes 2
// images: loop
// when: ci
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import {
  startMonitoredSwarm,
  type Asked,
  type MonitoredSwarm,
} from '../../harness/prometheus/monitored-swarm.js';
import { updateNode } from '../../harness/swarm/update-node.js';
import type { Rule } from '../../harness/prometheus/prometheus-state.js';
import { withLogsOnFailure } from '../../harness/swarm/service-logs.js';
import { createProgress } from '../../harness/progress.js';
import { until } from '../../harness/until.js';

/**
 * After every change of labels, replicas and nodes, Prometheus's own API says what Docker says: jobs, targets
 * with the labels of their services and nodes, rules, alerts. Each test goes on from where the one before ended.
 */

const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
let swarm: MonitoredSwarm;

beforeAll(async () => {
  // Never asked again: what Prometheus says comes from the listener's notifications alone.
  swarm = await startMonitoredSwarm(cluster, docker, '0');
});
afterAll(() => (process.env['DF_KEEP'] ? undefined : swarm.close()), 120_000);

/** The service whose labels change, and a neighbour that must never notice. */
const SHOP = 'shop_web';
const NEIGHBOUR = 'go-demo';
const CONTAINERS = 'container_label_com_docker_swarm_service_name="shop_web"';

const NEIGHBOUR_DOWN: Rule = {
  query: 'up{job="go-demo"} == 0',
  forSeconds: 30,
  labels: { receiver: 'system', service: 'go-demo', type: 'errors' },
  annotations: { summary: 'A target of the service go-demo is down' },
};
const ALWAYS: Rule = {
  query: 'vector(1)',
  forSeconds: 0,
  labels: { severity: 'high' },
  annotations: { summary: 'Value is {{ $value }}, see the panel' },
};
const ALWAYS_FIRES = { labels: { severity: 'high' }, annotations: { summary: 'Value is 1, see the panel' } };

function memoryLimit(share: string, forSeconds: number): Rule {
  return {
    query: `container_memory_usage_bytes{${CONTAINERS}} / container_spec_memory_limit_bytes{${CONTAINERS}} > ${share}`,
    forSeconds,
    labels: { receiver: 'system', service: SHOP },
    annotations: { summary: `Memory of the service shop_web is over ${share}` },
  };
}

/** There is no cAdvisor here, so no container is counted: the alert fires as long as replicas are wanted. */
function replicasMissing(replicas: number): Rule {
  return {
    query: `(count(container_memory_usage_bytes{${CONTAINERS}}) or vector(0)) < ${replicas}`,
    forSeconds: 0,
    labels: { receiver: 'system', scale: 'up', service: SHOP, type: 'node' },
    annotations: {
      summary: `The number of running replicas of the service shop_web is less than ${replicas}`,
    },
  };
}
function replicasMissingFires(replicas: number) {
  const { labels, annotations } = replicasMissing(replicas);
  return { labels, annotations };
}

/** What the service asks for, beside its neighbour. */
async function becomes(what: string, shop: Partial<Asked>): Promise<void> {
  progress.note(what);
  const asked = {
    jobs: { [NEIGHBOUR]: { tier: 'back' }, ...shop.jobs },
    rules: { godemo_down: NEIGHBOUR_DOWN, ...shop.rules },
    firing: { ...shop.firing },
  };
  await withLogsOnFailure(docker, progress, () => swarm.becomes(what, asked));
}

/** `job instance` of each. */
async function targetsOfShop(): Promise<readonly string[]> {
  return Object.keys((await swarm.state()).targets).filter((target) => target.startsWith(`${SHOP} `));
}

test('create: jobs, targets with labels of service and node, rules and alerts are those of the labels', async () => {
  const nodes = (await docker.run(['node', 'ls', '--format', '{{.Hostname}}'])).trim().split('\n');
  for (const [i, node] of nodes.entries())
    await updateNode(docker, node, '--label-add', `com.df.zone=zone-${i}`);
  await swarm.create(NEIGHBOUR, 2, {
    'com.df.scrapePort': '8080',
    'com.df.tier': 'back',
    'com.df.alertName': 'down',
    'com.df.alertIf': '@target_down',
    'com.df.alertFor': '30s',
  });
  await swarm.create(SHOP, 3, {
    'com.df.scrapePort': '8080',
    'com.df.tier': 'front',
    'com.df.env': 'production',
    'com.df.alertName.1': 'always',
    'com.df.alertIf.1': 'vector(1)',
    'com.df.alertLabels.1': 'severity=high',
    'com.df.alertAnnotations.1': 'summary=Value is {{ $value }}, see the panel',
    'com.df.alertName.2': 'mem',
    'com.df.alertIf.2': '@service_mem_limit:0.8',
    'com.df.alertFor.2': '1m',
    'com.df.alertName.3': 'missing',
    'com.df.alertIf.3': '@replicas_missing',
    'com.df.alertPersistent.3': 'true',
  });
  await becomes('services created', {
    jobs: { [SHOP]: { tier: 'front', env: 'production' } },
    rules: {
      shop_web_always: ALWAYS,
      shop_web_mem: memoryLimit('0.8', 60),
      shop_web_missing: replicasMissing(3),
    },
    firing: { shop_web_always: ALWAYS_FIRES, shop_web_missing: replicasMissingFires(3) },
  });
  const { targets } = await swarm.state();
  expect(new Set(Object.values(targets).map(({ zone }) => zone))).toEqual(new Set(['zone-0', 'zone-1']));
});

test('update: changed labels, a changed label of a node and a moved task are there; the neighbour is as before', async () => {
  await swarm.update(
    SHOP,
    ...['--label-add', 'com.df.env=staging'],
    ...['--label-add', 'com.df.alertIf.2=@service_mem_limit:0.9', '--label-add', 'com.df.alertFor.2=2m'],
  );
  const rules = {
    shop_web_always: ALWAYS,
    shop_web_mem: memoryLimit('0.9', 120),
    shop_web_missing: replicasMissing(3),
  };
  const firing = { shop_web_always: ALWAYS_FIRES, shop_web_missing: replicasMissingFires(3) };
  const shop = { jobs: { [SHOP]: { tier: 'front', env: 'staging' } }, rules, firing };
  await becomes('labels changed', shop);
  const [node = ''] = (await docker.run(['node', 'ls', '--format', '{{.Hostname}}'])).trim().split('\n');
  await updateNode(docker, node, '--label-add', 'com.df.zone=moved');
  await becomes('label of a node changed', shop);
  await updateNode(docker, node, '--label-rm', 'com.df.zone');
  await becomes('label of a node removed', shop);
  const before = await targetsOfShop();
  await swarm.update(SHOP, '--force');
  await until('no target of before is left', async () => {
    const left = (await targetsOfShop()).filter((target) => before.includes(target));
    return left.length === 0 ? { done: true } : { notYet: left.join() };
  });
  await becomes('all tasks replaced', shop);
});

test('label removal: the alert, the metric label and at last the job of a removed label are gone', async () => {
  await swarm.update(
    SHOP,
    ...['--label-rm', 'com.df.env', '--label-rm', 'com.df.alertName.2', '--label-rm', 'com.df.alertIf.2'],
  );
  const rules = { shop_web_always: ALWAYS, shop_web_missing: replicasMissing(3) };
  const firing = { shop_web_always: ALWAYS_FIRES, shop_web_missing: replicasMissingFires(3) };
  await becomes('an alert and a metric label removed', {
    jobs: { [SHOP]: { tier: 'front' } },
    rules,
    firing,
  });
  await swarm.update(SHOP, '--label-rm', 'com.df.scrapePort');
  await becomes('the port removed', { rules, firing });
  await swarm.update(SHOP, '--label-add', 'com.df.scrapePort=8080');
  await becomes('the port back', { jobs: { [SHOP]: { tier: 'front' } }, rules, firing });
});

test('scale to zero: no target is left, job and rules stay and know the new count; scaling up brings all back', async () => {
  await swarm.update(SHOP, '--replicas', '0');
  await becomes('scaled to zero', {
    jobs: { [SHOP]: { tier: 'front' } },
    rules: { shop_web_always: ALWAYS, shop_web_missing: replicasMissing(0) },
    firing: { shop_web_always: ALWAYS_FIRES },
  });
  await swarm.update(SHOP, '--replicas', '2');
  await becomes('scaled to two', {
    jobs: { [SHOP]: { tier: 'front' } },
    rules: { shop_web_always: ALWAYS, shop_web_missing: replicasMissing(2) },
    firing: { shop_web_always: ALWAYS_FIRES, shop_web_missing: replicasMissingFires(2) },
  });
});

test('a label that Prometheus would refuse costs that alert alone', async () => {
  await swarm.update(SHOP, '--label-add', 'com.df.alertIf.1=sum(up{job=');
  await becomes('an alert that is no PromQL', {
    jobs: { [SHOP]: { tier: 'front' } },
    rules: { shop_web_missing: replicasMissing(2) },
    firing: { shop_web_missing: replicasMissingFires(2) },
  });
  await swarm.update(SHOP, '--label-add', 'com.df.alertIf.1=vector(1)');
  await becomes('the alert is repaired', {
    jobs: { [SHOP]: { tier: 'front' } },
    rules: { shop_web_always: ALWAYS, shop_web_missing: replicasMissing(2) },
    firing: { shop_web_always: ALWAYS_FIRES, shop_web_missing: replicasMissingFires(2) },
  });
});

test('service removal: only what is persistent stays, and the notify label taken away is a removal, too', async () => {
  await docker.run(['service', 'rm', SHOP]);
  await becomes('service removed', {
    rules: { shop_web_missing: replicasMissing(2) },
    firing: { shop_web_missing: replicasMissingFires(2) },
  });
  await swarm.create('other', 1, {
    'com.df.scrapePort': '8080',
    'com.df.alertName': 'always',
    'com.df.alertIf': 'vector(1)',
    'com.df.alertLabels': 'severity=high',
    'com.df.alertAnnotations': 'summary=Value is {{ $value }}, see the panel',
  });
  await becomes('another service', {
    jobs: { other: {} },
    rules: { other_always: ALWAYS, shop_web_missing: replicasMissing(2) },
    firing: { other_always: ALWAYS_FIRES, shop_web_missing: replicasMissingFires(2) },
  });
  await swarm.update('other', '--label-rm', 'com.df.notify');
  await becomes('its notify label removed', {
    rules: { shop_web_missing: replicasMissing(2) },
    firing: { shop_web_missing: replicasMissingFires(2) },
  });
});
