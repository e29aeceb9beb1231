// cluster: --nodes 3
// images: certificates
// when: ci
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHangingRelay, type HangingRelay } from '../../harness/hanging-relay.js';
import { getStatus } from '../../harness/http-get.js';
import { clusterFromEnvironment, type SwarmNode } from '../../harness/swarm/cluster.js';
import { allRunning, removeStacks } from '../../harness/swarm/stack.js';
import { updateNode } from '../../harness/swarm/update-node.js';
import { until } from '../../harness/until.js';
import { SERVICE, startCertifiedSwarm, type CertifiedSwarm } from './certified-swarm.js';
import { allShow, askSecurely, type Client } from '../../harness/shown-certificate.js';

/**
 * With a token between the programs, as in production: the program is killed while the authority waits for its answer,
 * a third replica comes, and the node of the program loses its power together with its volume. Each test goes on from
 * where the one before ended.
 */

const NAME = 'shop.acme.test';
const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const [first, second, third] = cluster.nodes as readonly [SwarmNode, SwarmNode, SwarmNode];

/** Where the authority looks for answers to its challenges. */
let relay: HangingRelay;
let swarm: CertifiedSwarm;
let client: Client;
let serial = '';

beforeAll(async () => {
  relay = await startHangingRelay({ target: `http://${first.address}`, host: cluster.gateway, port: 80 });
  await updateNode(docker, await hostOf(third), '--availability', 'drain');
  swarm = await startCertifiedSwarm(cluster, [NAME], {
    token: 'the-token-of-the-test',
    challengesAt: cluster.gateway,
    programOn: 'node.role == worker',
  });
  client = { root: swarm.root, name: NAME, path: '/demo/hello' };
  await swarm.deployCertificates();
  serial = await allShow([first, second], client, 'a certificate', ({ status }) => status === 200);
});

afterAll(async () => {
  await promisify(execFile)(cluster.script, ['on', '2']);
  await swarm.stop();
  await relay.close();
  if (!process.env['DF_KEEP']) await removeStacks(docker, ['shop', 'certificates', 'proxy']);
});

async function hostOf(node: SwarmNode): Promise<string> {
  return (await node.docker.run(['info', '--format', '{{.Name}}'])).trim();
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

test('killed while the authority waits for its answer, the program comes to an end, without another account', async () => {
  const { url } = (await swarm.status()).account;
  const { node, id } = await swarm.program();
  relay.hang(true);
  await swarm.shop([NAME, `www.${NAME}`]);
  await until('the authority asks for the answer to a challenge', () => {
    const held = relay.held().filter((one) => one.startsWith('/.well-known/acme-challenge/'));
    return Promise.resolve(held.length > 0 ? { done: true } : { notYet: 'it has not asked' });
  });
  await node.docker.run(['kill', id]);
  relay.hang(false);
  serial = await allShow(
    [first, second],
    client,
    'a certificate for both names',
    ({ names }) => names.length === 2,
  );
  await allRunning(docker, [SERVICE]);
  expect((await swarm.status()).account.url).toBe(url);
});

test('a third replica has the certificate before its first request', async () => {
  await updateNode(docker, await hostOf(third), '--availability', 'active');
  await docker.run(['service', 'scale', '--detach', 'proxy_proxy=3']);
  const answer = await until(
    'the third node takes connections',
    () =>
      askSecurely(third, client).then(
        (shown) => ({ done: shown }),
        (error: unknown) =>
          codeOf(error) === 'ECONNREFUSED' ? { notYet: 'it does not listen' } : { done: error },
      ),
    { everyMs: 20 },
  );
  expect(answer).toMatchObject({ status: 200, serial });
  expect(await getStatus(`http://${third.address}/demo/hello`, NAME)).toBe(302);
});

test('a node that is lost with the volume costs neither a certificate nor an order', async () => {
  const { node } = await swarm.program();
  expect(node).toBe(second);
  await promisify(execFile)(cluster.script, ['off', '2']);
  await until('the program knows the certificate on another node', async () => {
    const [{ node: now }, status] = [await swarm.program(), await swarm.status()];
    const isKnown = status.certificates.some(({ state, delivered }) => state === 'valid' && delivered);
    return now === third && isKnown ? { done: true } : { notYet: JSON.stringify(status) };
  });
  const shown = await allShow(
    [first, third],
    client,
    'the certificate of before',
    ({ status }) => status === 200,
  );
  expect(shown).toBe(serial);
  expect(await swarm.api('GET', '/metrics')).not.toMatch(
    /^docker_flow_certificates_orders_total\{result="issued"\} [1-9]/m,
  );
});

test('on its new node it renews as before', async () => {
  await swarm.api('POST', '/v1/docker-flow-certificates/renew?service=shop_web');
  const renewed = await allShow([first, third], client, 'a renewed one', (shown) => shown.serial !== serial);
  expect(renewed).not.toBe(serial);
});
