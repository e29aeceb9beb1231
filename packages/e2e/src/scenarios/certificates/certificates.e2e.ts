// cluster: --nodes 2
// images: certificates
// when: ci
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getStatus } from '../../harness/http-get.js';
import { clusterFromEnvironment, type SwarmNode } from '../../harness/swarm/cluster.js';
import { allRunning, removeStacks } from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';
import { SERVICE, startCertifiedSwarm, type CertifiedSwarm } from './certified-swarm.js';
import { allShow, startSecureTraffic, type Client, type Shown } from '../../harness/shown-certificate.js';

/**
 * A service asks by label: http answers until its certificate is there, then redirects; both replicas show it.
 * Then the program is killed in the middle, its volume is lost, a replica begins anew, and a renewal goes unnoticed.
 */

const NAME = 'shop.acme.test';
const cluster = clusterFromEnvironment(process.env);

let swarm: CertifiedSwarm;
let client: Client;
let serial = '';

beforeAll(async () => {
  swarm = await startCertifiedSwarm(cluster, [NAME]);
  client = { root: swarm.root, name: NAME, path: '/demo/hello' };
});

afterAll(async () => {
  await swarm.stop();
  if (!process.env['DF_KEEP']) await removeStacks(cluster.docker, ['shop', 'certificates', 'proxy']);
});

async function answers(node: SwarmNode, status: number): Promise<void> {
  await until(`${node.address} answers http for ${NAME} with ${status}`, async () => {
    const got = await getStatus(`http://${node.address}/demo/hello`, NAME);
    return got === status ? { done: true } : { notYet: `status ${got}` };
  });
}

function bothShow(what: string, isRight: (shown: Shown) => boolean): Promise<string> {
  return allShow(cluster.nodes, client, what, isRight);
}

test('http answers until the certificate is there, then both replicas redirect and show it', async () => {
  for (const node of cluster.nodes) await answers(node, 200);
  await swarm.deployCertificates();
  serial = await bothShow('a certificate of the authority', ({ status }) => status === 200);
  for (const node of cluster.nodes) await answers(node, 302);
  expect(serial).not.toBe('');
});

test('a program that is killed in the middle of an order comes to its end, without another account', async () => {
  const { url } = (await swarm.status()).account;
  await swarm.shop([NAME, `www.${NAME}`]);
  const { node, id } = await swarm.program();
  await until(
    'an order is under way or done',
    async () => {
      const { certificates } = await swarm.status();
      return certificates.some(({ wanted }) => wanted.length === 2)
        ? { done: true }
        : { notYet: 'not heard of' };
    },
    { everyMs: 50 },
  );
  await node.docker.run(['kill', id]);
  serial = await bothShow('a certificate for both names', ({ names }) => names.length === 2);
  await allRunning(cluster.docker, [SERVICE]);
  expect((await swarm.status()).account.url).toBe(url);
});

test('without its volume the program finds the certificates on the proxies, and orders none', async () => {
  const { node } = await swarm.program();
  await removeStacks(cluster.docker, ['certificates']);
  await until('the volume removed', async () => {
    await node.docker.run(['volume', 'rm', 'certificates_state']);
    return { done: true };
  });
  await swarm.deployCertificates();
  await until('the certificate is known again', async () => {
    const status = await swarm.status();
    const isKnown = status.certificates.some(({ state, delivered }) => state === 'valid' && delivered);
    return isKnown ? { done: true } : { notYet: JSON.stringify(status) };
  });
  expect(await bothShow('the certificate of before', ({ names }) => names.length === 2)).toBe(serial);
});

test('a replica that begins with nothing is handed the certificate', async () => {
  const [, second] = cluster.nodes;
  if (!second) throw new Error('two nodes are needed');
  const filter = 'label=com.docker.swarm.service.name=proxy_proxy';
  const [before = ''] = (await second.docker.run(['ps', '-q', '--filter', filter])).trim().split('\n');
  await second.docker.run(['kill', before]);
  await until('another proxy on the second node', async () => {
    const ids = (await second.docker.run(['ps', '-q', '--filter', filter])).trim();
    return ids !== '' && ids !== before ? { done: true } : { notYet: 'none' };
  });
  expect(await bothShow('the certificate of before', ({ status }) => status === 200)).toBe(serial);
});

test('a renewal under traffic costs no request', async () => {
  const traffic = startSecureTraffic(cluster.nodes, client);
  await swarm.api('POST', '/v1/docker-flow-certificates/renew?service=shop_web');
  const renewed = await bothShow('a renewed certificate', (shown) => shown.serial !== serial);
  const { sent, failures } = await traffic.end();
  expect(renewed).not.toBe(serial);
  expect(sent).toBeGreaterThan(10);
  expect(failures).toEqual([]);
});
