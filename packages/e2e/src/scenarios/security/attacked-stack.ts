import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { askFrom } from '../../harness/swarm/ask-from.js';
import { clusterFromEnvironment, type TestCluster } from '../../harness/swarm/cluster.js';
import { buildSocketProxy, deployProduction } from '../../harness/swarm/deploy-production.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { allRunning, createSecret, listServices } from '../../harness/swarm/stack.js';

const run = promisify(execFile);

/** The token of all APIs of the stack. */
export const TOKEN = 'the-token-of-the-test';
const OPERATOR = `Basic ${Buffer.from('operator:secret').toString('base64')}`;

/** The production stack with a bank beside it, which must not notice what is done to either, and services to attack from. */
export interface AttackedStack {
  readonly cluster: TestCluster;
  create(service: Created): Promise<void>;
  /** A certificate with its key for the bank's domain, made by whoever wants one. */
  makeCertificate(maker: string): Promise<string>;
  /** What the API of the proxy answers to who has the token. */
  askProxy(route: string): Promise<string>;
  /** What Prometheus tells an operator: `/monitor/api/v1/QUESTION`. */
  askPrometheus<T>(question: string): Promise<T>;
  remove(): Promise<void>;
}

interface Created {
  readonly name: string;
  readonly networks: readonly string[];
  /** Without `com.df.`; of a service without labels nobody is told. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly stack?: string | undefined;
  readonly replicas?: number;
  /** Whether the demo service runs in it; otherwise there is a container to be in, and nothing else. */
  readonly serves?: boolean;
}

/**
 * Deploys all of it, and waits until it runs.
 *
 * @throws {Error} with what scripts/deploy printed, when it failed
 */
export async function startAttackedStack(): Promise<AttackedStack> {
  const cluster = clusterFromEnvironment(process.env);
  const { docker, root } = cluster;
  const image = ownImage('demo');
  const directory = await mkdtemp(path.join(tmpdir(), 'attacks-'));

  async function create({ name, networks, labels, stack, replicas = 1, serves }: Created): Promise<void> {
    const all: Readonly<Record<string, string>> =
      labels === undefined ? {} : { notify: 'true', distribute: 'true', ...labels };
    await docker.run([
      ...['service', 'create', '--detach', '--no-resolve-image', '--endpoint-mode', 'dnsrr', '--name', name],
      ...['--replicas', String(replicas), ...networks.flatMap((network) => ['--network', network])],
      ...Object.entries(all).flatMap(([label, value]) => ['--label', `com.df.${label}=${value}`]),
      ...(stack === undefined ? [] : ['--label', `com.docker.stack.namespace=${stack}`]),
      ...['--no-healthcheck', '--stop-signal', 'KILL', ...(serves ? [] : ['--entrypoint', 'sleep infinity'])],
      image,
    ]);
  }

  async function makeCertificate(maker: string): Promise<string> {
    const key = path.join(directory, `${maker}.key`);
    const certificate = path.join(directory, `${maker}.crt`);
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=bank.test'],
      ...['-addext', 'subjectAltName=DNS:bank.test', '-keyout', key, '-out', certificate],
    ]);
    return `${await readFile(certificate, 'utf8')}${await readFile(key, 'utf8')}`;
  }

  await buildSocketProxy(docker, root);
  await createSecret(docker, 'api_token', TOKEN);
  await createSecret(docker, 'dfp_users_operators', 'operator:secret');
  const { code, output } = await deployProduction({
    root,
    env: { SCRAPE_INTERVAL: '2s', EVALUATION_INTERVAL: '2s', SCALE_DOWN_COOLDOWN: '0' },
    onOutput: () => undefined,
  });
  if (code !== 0) throw new Error(`scripts/deploy ended with ${code}: ${output}`);
  await create({ name: 'neighbour-proxy', networks: ['proxy'] });
  await create({ name: 'neighbour-monitor', networks: ['monitor'] });
  await create({
    name: 'bank',
    serves: true,
    replicas: 2,
    networks: ['proxy', 'monitor'],
    labels: bankLabels(await makeCertificate('bank')),
  });
  await allRunning(docker, ['neighbour-proxy', 'neighbour-monitor', 'bank']);

  return {
    cluster,
    create,
    makeCertificate,
    async askProxy(route) {
      const [reply] = await askFrom(docker, 'neighbour-proxy', [
        {
          url: `http://proxy:8080/v1/docker-flow-proxy${route}`,
          headers: { authorization: `Bearer ${TOKEN}` },
        },
      ]);
      return reply?.body ?? '';
    },
    async askPrometheus<T>(question: string) {
      const answer = await fetch(`http://${cluster.address}/monitor/api/v1/${question}`, {
        headers: { authorization: OPERATOR },
      });
      return ((await answer.json()) as { readonly data: T }).data;
    },
    async remove() {
      await rm(directory, { recursive: true, force: true });
      if (process.env['DF_KEEP']) return;
      const names = (await listServices(docker)).map(({ name }) => name);
      await docker.run(['service', 'rm', ...names.filter((name) => !name.startsWith('flow_'))]);
      await run(path.join(root, 'scripts/deploy'), ['--down']);
    },
  };
}

/** What the bank asks for: a route with passwords, a certificate, a target, an alert, and bounds of its tasks. */
function bankLabels(certificate: string): Readonly<Record<string, string>> {
  return {
    serviceDomain: 'bank.test',
    servicePath: '/bank',
    reqPathSearchReplace: '/bank/,/demo/',
    port: '8080',
    users: 'teller:money',
    serviceCert: certificate.replaceAll('\n', '\\n'),
    scrapePort: '8080',
    scaleMin: '2',
    scaleMax: '4',
    'alertName.1': 'never',
    'alertIf.1': 'vector(0) > 1',
  };
}
