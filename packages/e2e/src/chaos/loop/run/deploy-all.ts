import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPebble } from '@docker-flow/testkit';
import { startFrontBalancer } from '../../../harness/front-balancer.js';
import type { TestCluster } from '../../../harness/swarm/cluster.js';
import { deployProduction } from '../../../harness/swarm/deploy-production.js';
import { allRunning, createSecret, networkVariables } from '../../../harness/swarm/stack.js';
import type { Secret } from '../expect/secrets-in-text.js';
import { LABEL_PASSWORD } from '../plan/walked-service.js';

export interface Deployed {
  /** What must not be in any log. */
  readonly secrets: readonly Secret[];
  /** PEM of who signs what the authority issues. */
  readonly authorityRoot: string;
  stop(): Promise<void>;
}

const HTTP_PORT = 80;

/**
 * The production stack as `scripts/deploy` places it, and that of certificates, with an authority (pebble) outside of the
 * cluster, which finds the proxies through a load balancer.
 */
export async function deployAll(cluster: TestCluster, say: (line: string) => void): Promise<Deployed> {
  const { docker, gateway, nodes } = cluster;
  const random = (name: string): Secret => ({ name, value: randomBytes(24).toString('hex') });
  const tokens = ['api_token', 'scaler_token', 'certificates_api_token'].map(random);
  const password = random('the password of operators');
  const accountKey = newAccountKey();
  const balancer = await startFrontBalancer(
    gateway,
    HTTP_PORT,
    nodes.map(({ address }) => address),
  );
  const pebble = await startPebble({ httpPort: HTTP_PORT, host: gateway, target: gateway, refusedNonces: 5 });
  for (const { name, value } of tokens) await createSecret(docker, name, value);
  await createSecret(docker, 'dfp_users_operators', `operator:${password.value}`);
  await createSecret(docker, 'certificates_account_key', accountKey);
  await createSecret(docker, 'pebble_ca', pebble.ca);
  const { code, output } = await deployProduction({
    root: cluster.root,
    env: {
      // A port of the host answers on the nodes that run a task: here on two of them, as a load balancer would know.
      PROXY_REPLICAS: String(Math.min(2, nodes.length)),
      SCRAPE_INTERVAL: '5s',
      EVALUATION_INTERVAL: '5s',
      SCALE_DOWN_COOLDOWN: '0',
    },
    onOutput: say,
  });
  if (code !== 0) throw new Error(output);
  await deployCertificates(cluster, pebble.directoryUrl);
  await allRunning(docker, ['certificates_certificates']);
  return {
    secrets: [
      ...tokens,
      password,
      { name: 'the password in a label', value: LABEL_PASSWORD },
      // A line in the middle of the text.
      { name: "the key of the authority's account", value: accountKey.split('\n')[1] ?? accountKey },
    ],
    authorityRoot: await pebble.root(),
    async stop() {
      await pebble.stop();
      await balancer.stop();
    },
  };
}

function newAccountKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The stack file as it is, but for an authority whose own certificate nobody knows. */
async function deployCertificates(cluster: TestCluster, directoryUrl: string): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'chaos-'));
  const file = path.join(directory, 'certificates.yml');
  const text = await readFile(path.join(cluster.stacksDir, 'certificates-production.yml'), 'utf8');
  await writeFile(
    file,
    text
      .replace(
        '    environment:\n',
        `    environment:\n      - DIRECTORY_URL=${directoryUrl}\n      - CA_FILE=/run/secrets/pebble_ca\n`,
      )
      .replace('    secrets:\n', '    secrets:\n      - pebble_ca\n')
      .replace(/^secrets:\n/m, 'secrets:\n  pebble_ca:\n    external: true\n'),
  );
  await cluster.docker.run(
    ['stack', 'deploy', '--resolve-image', 'never', '--compose-file', file, 'certificates'],
    { env: { ...networkVariables(cluster.hasIpvs), AGREE_TOS: 'true', EMAIL: 'ops@example.com' } },
  );
  await rm(directory, { recursive: true, force: true });
}
