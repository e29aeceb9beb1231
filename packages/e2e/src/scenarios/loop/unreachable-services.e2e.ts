// cluster: --nodes 1
// images: proxy
// when: ci
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreateServiceOptions } from 'dockerode';
import Docker from 'dockerode';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { askInside } from '../../harness/swarm/inside-container.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { serviceSpec } from '../../harness/swarm/service-spec.js';
import {
  allRunning,
  createNetwork,
  deployStack,
  networkVariables,
  removeStacks,
} from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';

/** Services whose labels are right and whose requests end in 503 nevertheless: the status of the proxy says why. */

const cluster = clusterFromEnvironment(process.env);
const { docker, hasIpvs } = cluster;
const engine = new Docker({ socketPath: cluster.dockerSocket });
const OPEN_PORT = '8080';

interface Status {
  readonly services: readonly {
    readonly service: string;
    readonly routes: readonly { readonly reachable?: boolean; readonly problem?: string }[];
  }[];
  readonly rejected: readonly { readonly service: string; readonly message: string }[];
}

const SERVICES: Readonly<Record<string, CreateServiceOptions>> = {
  'near-by': shopService('near-by', OPEN_PORT, 'proxy'),
  elsewhere: shopService('elsewhere', OPEN_PORT, 'elsewhere'),
  'wrong-port': shopService('wrong-port', '8081', 'proxy'),
  'virtual-address': {
    ...shopService('virtual-address', OPEN_PORT, 'proxy'),
    EndpointSpec: { Mode: 'vip' },
  },
};

function shopService(name: string, port: string, network: string): CreateServiceOptions {
  const labels = { 'com.df.notify': 'true', 'com.df.servicePath': `/${name}`, 'com.df.port': port };
  return serviceSpec({ name, replicas: 1, labels, image: ownImage('demo'), networks: [network] });
}

beforeAll(async () => {
  for (const network of ['proxy', 'monitor', 'elsewhere']) await createNetwork(docker, network);
  const variables = { ...networkVariables(hasIpvs), DOCKER_SOCKET: cluster.dockerSocket };
  await deployStack(docker, cluster.stacksDir, 'docker-flow-proxy-slack.yml', 'proxy', variables);
  for (const spec of Object.values(SERVICES)) await engine.createService(spec);
  await allRunning(docker, ['proxy_proxy', 'proxy_swarm-listener', ...Object.keys(SERVICES)]);
});

afterAll(async () => {
  if (process.env['DF_KEEP']) return;
  await docker.run(['service', 'rm', ...Object.keys(SERVICES)]).catch(() => '');
  await removeStacks(docker, ['proxy']);
});

/** Whether the proxy reaches a service, and why not; waits until it has looked. */
async function reachOf(service: string): Promise<{ readonly reachable: boolean; readonly problem: string }> {
  return until(`the proxy has looked at ${service}`, async () => {
    const text = await askInside(docker, 'proxy_proxy', 'http://127.0.0.1:8080/v1/docker-flow-proxy/status');
    const { services, rejected } = JSON.parse(text) as Status;
    const refusal = rejected.find((one) => one.service === service);
    if (refusal !== undefined) return { done: { reachable: false, problem: refusal.message } };
    const route = services.find((one) => one.service === service)?.routes[0];
    if (route?.reachable === undefined) return { notYet: text };
    return { done: { reachable: route.reachable, problem: route.problem ?? '' } };
  });
}

test('a service that answers has no problem', async () => {
  await until('near-by is reachable', async () => {
    const { reachable, problem } = await reachOf('near-by');
    return reachable ? { done: true } : { notYet: problem };
  });
});

const REASONS = [
  ['elsewhere', /could not resolve address elsewhere; expected .* a network of the proxy/],
  ['wrong-port', /port 8081 of wrong-port .* is closed/],
  ...(hasIpvs ? [] : [['virtual-address', /virtual address .*there is no IPVS/] as const]),
] as const;

test.each(REASONS)('the status says why nobody reaches %s', async (service, reason) => {
  const said = await until(`the reason of ${service}`, async () => {
    const { reachable, problem } = await reachOf(service);
    return !reachable && reason.test(problem) ? { done: problem } : { notYet: problem };
  });
  expect(said).toMatch(reason);
});
