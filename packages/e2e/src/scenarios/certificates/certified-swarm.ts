import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPebble } from '@docker-flow/testkit';
import type { SwarmNode, TestCluster } from '../../harness/swarm/cluster.js';
import { deployShop } from '../../harness/swarm/deploy-shop.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { patientStack } from '../../harness/swarm/patient-stack.js';
import { allRunning, createNetwork, createSecret, networkVariables } from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';

/** The service of the program in the stack of the tutorial. */
export const SERVICE = 'certificates_certificates';

export interface CertifiedSwarm {
  /** PEM of who signs what the authority issues. */
  readonly root: string;
  /** Deploys a service that asks for a certificate for these domains, or changes them. */
  shop(domains: readonly string[]): Promise<void>;
  /** The stack of the tutorial, with the certificate of the authority as a secret. */
  deployCertificates(): Promise<void>;
  /** The node and the container in which the program runs. */
  program(): Promise<{ readonly node: SwarmNode; readonly id: string }>;
  /** What a path of the program answers, from inside its container. */
  api(method: string, route: string): Promise<string>;
  status(): Promise<ProgramStatus>;
  stop(): Promise<void>;
}

export interface ProgramStatus {
  readonly account: { readonly url: string };
  readonly certificates: readonly {
    readonly wanted: readonly string[];
    readonly state: string;
    readonly delivered: boolean;
  }[];
}

export interface CertifiedSwarmOptions {
  /** What the programs show each other, as in production; without it private keys stay where they are. */
  readonly token?: string;
  /** Where the authority looks for answers to challenges, at port 80; the first node when absent. */
  readonly challengesAt?: string;
  /** Which nodes the program may run on; managers when absent. */
  readonly programOn?: string;
}

const FETCH =
  'fetch("http://127.0.0.1:8080" + process.argv[2], { method: process.argv[1], headers: { authorization: "Bearer " + process.env.API_TOKEN } }).then(async (answer) => process.stdout.write(await answer.text()))';

/**
 * Two proxies, a service, and a real authority (Debian's pebble, outside of the cluster as Let's Encrypt is). The
 * certificates program is deployed by `deployCertificates`.
 */
export async function startCertifiedSwarm(
  cluster: TestCluster,
  domains: readonly string[],
  { token, challengesAt, programOn }: CertifiedSwarmOptions = {},
): Promise<CertifiedSwarm> {
  const { docker, nodes } = cluster;
  const image = ownImage('demo');
  const directory = await mkdtemp(path.join(tmpdir(), 'certificates-'));
  const pebble = await startPebble({
    httpPort: 80,
    host: cluster.gateway,
    target: challengesAt ?? cluster.address,
    refusedNonces: 5,
  });

  async function deploy(
    stack: string,
    name: string,
    env: Readonly<Record<string, string>> = {},
    change = (text: string) => text,
  ): Promise<void> {
    const text = patientStack(await readFile(path.join(cluster.stacksDir, name), 'utf8'));
    const tokens = ['API_TOKEN', 'PROXY_API_TOKEN', 'LISTENER_API_TOKEN'].map(
      (one) => `      - ${one}=${token}\n`,
    );
    const file = path.join(directory, name);
    const withToken = text.replaceAll('    environment:\n', `    environment:\n${tokens.join('')}`);
    await writeFile(file, change(token === undefined ? text : withToken));
    await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, stack], {
      env: {
        ...networkVariables(cluster.hasIpvs),
        DOCKER_SOCKET: cluster.dockerSocket,
        PROXY_REPLICAS: '2',
        ...env,
      },
    });
  }

  function shop(serviceDomains: readonly string[]): Promise<void> {
    const serviceDomain = serviceDomains.join(',');
    const labels = { serviceDomain, servicePath: '/demo', httpsOnly: 'true', acme: 'true' };
    return deployShop(docker, { image, cluster, directory, labels });
  }

  function program(): Promise<{ readonly node: SwarmNode; readonly id: string }> {
    return until('the certificates program runs', async () => {
      const filter = `label=com.docker.swarm.service.name=${SERVICE}`;
      for (const node of nodes) {
        // A node without power has no container either.
        const ids = await node.docker.run(['ps', '-q', '--filter', filter]).catch(() => '');
        const [id] = ids.trim().split('\n');
        if (id) return { done: { node, id } };
      }
      return { notYet: 'no container' };
    });
  }

  async function api(method: string, route: string): Promise<string> {
    const { node, id } = await program();
    return node.docker.run(['exec', id, 'node', '-e', FETCH, method, route]);
  }

  await createNetwork(docker, 'proxy');
  await createSecret(docker, 'pebble_ca', pebble.ca);
  await deploy('proxy', 'docker-flow-proxy.yml');
  await shop(domains);
  await allRunning(docker, ['proxy_proxy', 'proxy_swarm-listener', 'shop_web']);

  return {
    root: await pebble.root(),
    shop,
    deployCertificates() {
      const env = {
        AGREE_TOS: 'true',
        DIRECTORY_URL: pebble.directoryUrl,
        CA_FILE: '/run/secrets/pebble_ca',
        ...(programOn === undefined ? {} : { CERTIFICATES_NODE: programOn }),
      };
      return deploy('certificates', 'certificates.yml', env, (text) => {
        const withSecret = text.replace('    volumes:\n', '    secrets: [pebble_ca]\n    volumes:\n');
        return `${withSecret}\nsecrets: {pebble_ca: {external: true}}\n`;
      });
    },
    program,
    api,
    status: async () => JSON.parse(await api('GET', '/v1/docker-flow-certificates/status')) as ProgramStatus,
    async stop() {
      await pebble.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
