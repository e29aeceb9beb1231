// cluster: --nodes 2
// images: certificates
// when: ci
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPebble, type Pebble } from '@docker-flow/testkit';
import { getStatus } from '../../harness/http-get.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { deployShop } from '../../harness/swarm/deploy-shop.js';
import { createDockerCli, type DockerCli } from '../../harness/swarm/docker-cli.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import {
  allRunning,
  createNetwork,
  createSecret,
  deployStack,
  networkVariables,
  removeStacks,
} from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';

/**
 * Two proxies, the certificates program and a real authority (Debian's pebble, outside of the cluster as Let's Encrypt
 * is). A service asks by label: http answers until its certificate is there, then redirects; both replicas show it.
 * Then the program is killed in the middle, its volume is lost, a replica begins anew, and a renewal goes unnoticed.
 */

const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const image = ownImage('demo');
const NAME = 'shop.acme.test';
const SERVICE = 'certificates_certificates';

interface Node {
  readonly address: string;
  readonly docker: DockerCli;
}

const nodes: readonly Node[] = [1, 2].map((number) => ({
  address: process.env[`DF_NODE_${number}`] ?? '',
  docker: createDockerCli(`unix://${process.env[`DF_NODE_${number}_SOCKET`] ?? ''}`),
}));
const variables = {
  ...networkVariables(cluster.hasIpvs),
  DOCKER_SOCKET: cluster.dockerSocket,
  PROXY_REPLICAS: '2',
};

let pebble: Pebble;
let root: string;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'certificates-'));
  pebble = await startPebble({
    httpPort: 80,
    host: cluster.gateway,
    target: cluster.address,
    refusedNonces: 5,
  });
  root = await pebble.root();
  await createNetwork(docker, 'proxy');
  await createSecret(docker, 'pebble_ca', pebble.ca);
  await deployStack(docker, cluster.stacksDir, 'docker-flow-proxy.yml', 'proxy', variables);
  await shop([NAME]);
  await allRunning(docker, ['proxy_proxy', 'proxy_swarm-listener', 'shop_web']);
});

afterAll(async () => {
  await pebble.stop();
  await rm(directory, { recursive: true, force: true });
  if (!process.env['DF_KEEP']) await removeStacks(docker, ['shop', 'certificates', 'proxy']);
});

function shop(domains: readonly string[]): Promise<void> {
  const serviceDomain = domains.join(',');
  const labels = { serviceDomain, servicePath: '/demo', httpsOnly: 'true', acme: 'true' };
  return deployShop(docker, { image, cluster, directory, labels });
}

/** The stack of the tutorial, with the certificate of the authority as a secret. */
async function deployCertificates(): Promise<void> {
  const text = await readFile(path.join(cluster.stacksDir, 'certificates.yml'), 'utf8');
  const withSecret = text.replace('    volumes:\n', '    secrets: [pebble_ca]\n    volumes:\n');
  const file = path.join(directory, 'certificates.yml');
  await writeFile(file, `${withSecret}\nsecrets: {pebble_ca: {external: true}}\n`);
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, 'certificates'], {
    env: {
      ...variables,
      AGREE_TOS: 'true',
      DIRECTORY_URL: pebble.directoryUrl,
      CA_FILE: '/run/secrets/pebble_ca',
    },
  });
}

async function answers(node: Node, status: number): Promise<void> {
  await until(`${node.address} answers http for ${NAME} with ${status}`, async () => {
    const got = await getStatus(`http://${node.address}/demo/hello`, NAME);
    return got === status ? { done: true } : { notYet: `status ${got}` };
  });
}

interface Seen {
  readonly status: number;
  readonly serial: string;
  readonly names: readonly string[];
}

/** A request over TLS that is verified against the root of the authority. */
function secure({ address }: Node, name = NAME): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const sent = secureRequest(
      {
        host: address,
        path: '/demo/hello',
        headers: { host: name },
        servername: name,
        ca: root,
        agent: false,
        timeout: 5_000,
      },
      (answer) => {
        const { serialNumber, subjectaltname = '' } = (answer.socket as TLSSocket).getPeerCertificate();
        answer.resume();
        resolve({
          status: answer.statusCode ?? 0,
          serial: serialNumber,
          names: subjectaltname.split(', ').map((one) => one.replace(/^DNS:/, '')),
        });
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer within 5 s')));
    sent.end();
  });
}

/** Waits until both nodes show the same certificate that `isRight`; answers its serial number. */
function bothShow(what: string, isRight: (seen: Seen) => boolean): Promise<string> {
  return until(`both nodes show ${what}`, async () => {
    const seen = await Promise.all(nodes.map((node) => secure(node)));
    const [first] = seen;
    const isSame = seen.every(({ serial }) => serial === first?.serial);
    return first && isSame && seen.every(isRight) ? { done: first.serial } : { notYet: JSON.stringify(seen) };
  });
}

/** The node and the container in which the program runs. */
function program(): Promise<{ readonly node: Node; readonly id: string }> {
  return until('the certificates program runs', async () => {
    for (const node of nodes) {
      const filter = `label=com.docker.swarm.service.name=${SERVICE}`;
      const [id] = (await node.docker.run(['ps', '-q', '--filter', filter])).trim().split('\n');
      if (id) return { done: { node, id } };
    }
    return { notYet: 'no container' };
  });
}

/** A request to the API of the program, from inside its container. */
async function api(method: string, route: string): Promise<string> {
  const { node, id } = await program();
  const script =
    'fetch("http://127.0.0.1:8080/v1/docker-flow-certificates/" + process.argv[2], { method: process.argv[1] }).then(async (answer) => process.stdout.write(await answer.text()))';
  return node.docker.run(['exec', id, 'node', '-e', script, method, route]);
}

let serial = '';

test('http answers until the certificate is there, then both replicas redirect and show it', async () => {
  for (const node of nodes) await answers(node, 200);
  await deployCertificates();
  serial = await bothShow('a certificate of the authority', ({ status }) => status === 200);
  for (const node of nodes) await answers(node, 302);
  expect(serial).not.toBe('');
});

test('a program that is killed in the middle of an order comes to its end, without another account', async () => {
  const { url } = (JSON.parse(await api('GET', 'status')) as { account: { url: string } }).account;
  await shop([NAME, `www.${NAME}`]);
  const { node, id } = await program();
  await until(
    'an order is under way or done',
    async () => {
      const { certificates } = JSON.parse(await api('GET', 'status')) as {
        certificates: readonly { wanted: readonly string[] }[];
      };
      return certificates.some(({ wanted }) => wanted.length === 2)
        ? { done: true }
        : { notYet: 'not heard of' };
    },
    { everyMs: 50 },
  );
  await node.docker.run(['kill', id]);
  serial = await bothShow('a certificate for both names', ({ names }) => names.length === 2);
  await allRunning(docker, [SERVICE]);
  const after = JSON.parse(await api('GET', 'status')) as { account: { url: string } };
  expect(after.account.url).toBe(url);
});

test('without its volume the program finds the certificates on the proxies, and orders none', async () => {
  const { node } = await program();
  await removeStacks(docker, ['certificates']);
  await until('the volume removed', async () => {
    await node.docker.run(['volume', 'rm', 'certificates_state']);
    return { done: true };
  });
  await deployCertificates();
  await until('the certificate is known again', async () => {
    const text = await api('GET', 'status');
    const { certificates } = JSON.parse(text) as {
      certificates: readonly { state: string; delivered: boolean }[];
    };
    const isKnown = certificates.some(({ state, delivered }) => state === 'valid' && delivered);
    return isKnown ? { done: true } : { notYet: text };
  });
  expect(await bothShow('the certificate of before', ({ names }) => names.length === 2)).toBe(serial);
});

test('a replica that begins with nothing is handed the certificate', async () => {
  const [, second] = nodes;
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
  const failures: string[] = [];
  let isOver = false;
  let sent = 0;
  const client = async (node: Node) => {
    while (!isOver) {
      sent += 1;
      const problem = await secure(node).then(
        ({ status }) => (status === 200 ? undefined : `status ${status}`),
        (error: unknown) => String(error),
      );
      if (problem !== undefined) failures.push(problem);
    }
  };
  const clients = Promise.all(nodes.flatMap((node) => [client(node), client(node)]));
  await api('POST', 'renew?service=shop_web');
  const renewed = await bothShow('a renewed certificate', (seen) => seen.serial !== serial);
  isOver = true;
  await clients;
  expect(renewed).not.toBe(serial);
  expect(sent).toBeGreaterThan(10);
  expect(failures).toEqual([]);
});
