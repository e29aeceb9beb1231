// cluster: --nodes 2
// images: proxy
// when: ci
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment, type SwarmNode } from '../../harness/swarm/cluster.js';
import { deployShop } from '../../harness/swarm/deploy-shop.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { getStatus } from '../../harness/http-get.js';
import {
  allRunning,
  createNetwork,
  deployStack,
  networkVariables,
  removeStacks,
} from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';

/**
 * Two replicas of the proxy on two nodes serve the same routes and certificates, also after either of them was
 * killed and came back with nothing: services come from swarm-listener, and certificates that were put through
 * the API from the other replica. No token and no volume is set, as in the first stack file that people try.
 */

const run = promisify(execFile);
const cluster = clusterFromEnvironment(process.env);
const { docker, nodes } = cluster;
const image = ownImage('demo');

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proxy-replicas-'));
  await createNetwork(docker, 'proxy');
  const variables = {
    ...networkVariables(cluster.hasIpvs),
    DOCKER_SOCKET: cluster.dockerSocket,
    PROXY_REPLICAS: '2',
  };
  await deployStack(docker, cluster.stacksDir, 'docker-flow-proxy.yml', 'proxy', variables);
  await shop(['/shop']);
  await allRunning(docker, ['proxy_proxy', 'proxy_swarm-listener', 'shop_web']);
  for (const node of nodes) await routes(node, '/shop/hello');
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  if (!process.env['DF_KEEP']) await removeStacks(docker, ['shop', 'proxy']);
});

function shop(paths: readonly string[]): Promise<void> {
  const labels = { servicePath: paths.join(','), reqPathSearchReplace: '^/[a-z]+,/demo' };
  return deployShop(docker, { image, cluster, directory, labels });
}

async function routes({ address }: SwarmNode, target: string): Promise<void> {
  await until(`${target} routed by ${address}`, async () => {
    const status = await getStatus(`http://${address}${target}`, 'any.test');
    return status === 200 ? { done: true } : { notYet: `status ${status}` };
  });
}

async function proxyOn({ docker: own }: SwarmNode): Promise<string> {
  return until('a container of the proxy', async () => {
    const ids = await own.run(['ps', '-q', '--filter', 'label=com.docker.swarm.service.name=proxy_proxy']);
    const [id] = ids.trim().split('\n');
    return id ? { done: id } : { notYet: 'none runs' };
  });
}

/** A request to the API of the replica on a node, from inside its container. */
async function api(node: SwarmNode, method: string, target: string, body = ''): Promise<string> {
  const script =
    'fetch("http://127.0.0.1:8080/v1/docker-flow-proxy" + process.argv[2], { method: process.argv[1], ...(process.argv[3] ? { body: process.argv[3] } : {}) }).then(async (answer) => process.stdout.write(answer.status + " " + (await answer.text())))';
  const id = await proxyOn(node);
  const text = await node.docker.run(['exec', id, 'node', '-e', script, method, target, body]);
  const [status = '', ...rest] = text.split(' ');
  if (status !== '200') throw new Error(`${method} ${target}: ${text}`);
  return rest.join(' ');
}

async function makeCertificate(name: string): Promise<string> {
  const [key, certificate] = ['key', 'crt'].map((kind) => path.join(directory, `${name}.${kind}`));
  const options = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`];
  await run('openssl', [...options, '-keyout', key ?? '', '-out', certificate ?? '']);
  return `${await readFile(certificate ?? '', 'utf8')}${await readFile(key ?? '', 'utf8')}`;
}

/** The name on the certificate that a node shows to clients that ask for `name`. */
function shownName({ address }: SwarmNode, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port: 443, servername: name, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.setTimeout(3_000, () => socket.destroy(new Error('no TLS within 3 s')));
    socket.on('error', reject);
  });
}

async function shows(node: SwarmNode, name: string): Promise<void> {
  await until(`${node.address} shows the certificate of ${name}`, async () => {
    const shown = await shownName(node, name);
    return shown === name ? { done: true } : { notYet: `it shows ${shown}` };
  });
}

/** Services and text of a configuration; who passed a service on is the one thing in which replicas differ. */
async function configurationOf(node: SwarmNode): Promise<{ services: unknown; config: string }> {
  return {
    services: JSON.parse(
      (await api(node, 'GET', '/config?type=json')).replaceAll('"Distribute":true', '"Distribute":false'),
    ),
    config: await api(node, 'GET', '/config'),
  };
}

async function areAlike(): Promise<void> {
  await until(
    'the same configuration and certificates on both nodes',
    async () => {
      const [first, second] = await Promise.all(nodes.map((node) => api(node, 'GET', '/fingerprint')));
      return first === second ? { done: true } : { notYet: `${String(first)} and ${String(second)}` };
    },
    { everyMs: 500 },
  );
  const [one, other] = await Promise.all(nodes.map(configurationOf));
  expect(one).toEqual(other);
  const lists = await Promise.all(nodes.map((node) => api(node, 'GET', '/certs')));
  expect(lists[0]).toEqual(lists[1]);
}

async function newProxyOn(node: SwarmNode, before: string): Promise<void> {
  await until(`another proxy on ${node.address}`, async () => {
    const id = await proxyOn(node);
    return id === before ? { notYet: 'the old one runs' } : { done: true };
  });
  await allRunning(docker, ['proxy_proxy']);
}

test('both replicas serve a service and a certificate that one of them was told of', async () => {
  const [first, second] = nodes;
  if (!first || !second) throw new Error('two nodes are needed');
  await api(first, 'PUT', '/cert?certName=first.test&distribute=true', await makeCertificate('first.test'));
  for (const node of nodes) await shows(node, 'first.test');
  await areAlike();
});

test.each([
  ['killed', 0, 'SIGKILL'],
  ['stopped', 1, 'SIGTERM'],
] as const)(
  'a replica that was %s comes back with the same routes and certificates',
  async (_how, index, signal) => {
    const node = nodes[index];
    const other = nodes[1 - index];
    if (!node || !other) throw new Error('two nodes are needed');
    const before = await proxyOn(node);
    const late = `late-${index}.test`;
    await api(other, 'PUT', `/cert?certName=${late}&distribute=true`, await makeCertificate(late));
    await shows(node, late);
    await node.docker.run(['kill', '--signal', signal, before]);
    // What is deployed while it is gone must reach it, too.
    await shop(['/shop', index === 0 ? '/boutique' : '/kiosk']);
    await newProxyOn(node, before);
    await routes(node, '/shop/hello');
    await routes(node, index === 0 ? '/boutique/hello' : '/kiosk/hello');
    for (const name of ['first.test', late]) await shows(node, name);
    await areAlike();
  },
);

test('a certificate that only one replica was given reaches the other, too', async () => {
  const [first, second] = nodes;
  if (!first || !second) throw new Error('two nodes are needed');
  await api(first, 'PUT', '/cert?certName=alone.test', await makeCertificate('alone.test'));
  await shows(second, 'alone.test');
  await areAlike();
});
