// cluster: --nodes 1
// images: loop
// when: test
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createServices,
  goodServicesWork,
  metricSays,
  removeServices,
  SERVICES,
} from '../../story/bad-labels.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { getStatus } from '../../harness/http-get.js';
import { askInside } from '../../harness/swarm/inside-container.js';
import { createPrometheusApi } from '../../harness/prometheus/prometheus-api.js';
import { withLogsOnFailure } from '../../harness/swarm/service-logs.js';
import { networkVariables } from '../../harness/swarm/stack.js';
import { createProgress } from '../../harness/progress.js';
import { deployAll, removeAll } from '../../story/stack-set.js';
import { tellStory } from '../../story/story.js';

const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const proxyUrl = `http://${cluster.address}`;

beforeAll(async () => {
  const variables = { ...networkVariables(cluster.hasIpvs), DOCKER_SOCKET: cluster.dockerSocket };
  await deployAll({ docker, stacksDir: cluster.stacksDir, variables }, progress, 180_000);
});

afterAll(() => (process.env['DF_KEEP'] ? undefined : removeAll(docker)));

test('a service goes from 3 replicas to 2 and back to 3 because of its labels', async () => {
  await withLogsOnFailure(docker, progress, () => tellStory({ docker, proxyUrl, progress }));
});

describe('a service whose labels cannot be read', () => {
  const world = {
    docker,
    dockerSocket: cluster.dockerSocket,
    proxyUrl,
    prometheus: createPrometheusApi(`${proxyUrl}/monitor`),
    image: ownImage('demo'),
  };

  beforeAll(async () => {
    await createServices(world);
    await withLogsOnFailure(docker, progress, () => goodServicesWork(world));
  });
  afterAll(() => removeServices(world));

  test('has no route and no alert, while its neighbours have theirs', async () => {
    expect(await getStatus(`${proxyUrl}/metrics`, `${SERVICES.bad}.test`)).toBe(503);
    expect(await getStatus(`${proxyUrl}/demo/hello`, 'any.test')).toBe(200);
    const rules = await world.prometheus.alertRules();
    expect(rules.filter((rule) => rule.startsWith('badlabelsbad'))).toEqual([]);
    expect(rules).toContain('godemo_main_mem_limit');
  });

  test('is counted by both programs', async () => {
    await metricSays(
      world,
      'proxy_proxy',
      new RegExp(`docker_flow_proxy_rejected_service{service="${SERVICES.bad}",reason="labels"} 1`),
    );
    await metricSays(world, 'monitor_monitor', /docker_flow_monitor_rejected_alerts [1-9]/);
  });

  test('is named in both logs with the label, the value and what would be right', async () => {
    const proxyLog = await docker.run(['service', 'logs', '--raw', 'proxy_proxy']);
    expect(proxyLog).toMatch(new RegExp(`${SERVICES.bad}.*port.*abc.*a port number from 1 to 65535`));
    const monitorLog = await docker.run(['service', 'logs', '--raw', 'monitor_monitor']);
    expect(monitorLog).toMatch(new RegExp(`${SERVICES.bad}.*broken`));
  });

  test('is told so in the answer', async () => {
    const api = 'http://127.0.0.1:8080/v1';
    const routed = await askInside(
      docker,
      'proxy_proxy',
      `${api}/docker-flow-proxy/reconfigure?serviceName=x&servicePath=/x&port=abc`,
    );
    expect(JSON.parse(routed)).toMatchObject({
      Status: 'NOK',
      Message: expect.stringContaining('abc') as unknown,
    });
    const alerted = await askInside(
      docker,
      'monitor_monitor',
      `${api}/docker-flow-monitor/reconfigure?serviceName=x&alertName=a&alertIf=((`,
    );
    expect(JSON.parse(alerted)).toMatchObject({ Alerts: [], Rejected: [{ alertName: 'a' }] });
  });
});
