// cluster: --nodes 1
// images: all
// when: ci
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { readStackFile } from '../../harness/swarm/stack-file.js';
import {
  allRunning,
  createNetwork,
  createSecret,
  deployStack,
  networkVariables,
  removeStacks,
  type StackVariables,
} from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';

const run = promisify(execFile);
const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const variables: StackVariables = {
  ...networkVariables(cluster.hasIpvs),
  DOCKER_SOCKET: cluster.dockerSocket,
  MONITOR_PASSWORD: 'secret',
  EMAIL: 'people@example.com',
  AGREE_TOS: 'true',
  SCRAPE_INTERVAL: '2s',
  EVALUATION_INTERVAL: '2s',
};
const files = readdirSync(cluster.stacksDir).filter((name) => name.endsWith('.yml'));
const SECRETS = {
  alert_manager_config: 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n',
  certificates_account_key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string,
  certificates_api_token: 'token',
  aws: 'AWS_MANAGER_ASG=managers\nAWS_WORKER_ASG=workers\n',
  api_token: 'token',
  dfp_users_operators: 'operator:secret',
  grafana_admin_password: 'secret',
  scaler_token: 'token',
} as const;

/** Every docker client of this machine: users have old and new ones. */
const clients = [
  ...new Set(
    (process.env['PATH'] ?? '')
      .split(':')
      .map((dir) => path.join(dir, 'docker'))
      .filter((file) => existsSync(file))
      .map((file) => realpathSync(file)),
  ),
];

beforeAll(async () => {
  for (const network of ['proxy', 'monitor', 'admin']) await createNetwork(docker, network);
  for (const [name, content] of Object.entries(SECRETS)) await createSecret(docker, name, content);
});

afterAll(() => removeStacks(docker, ['tried', 'flow', 'monitor', 'go-demo']));

/** Programs of the larger stacks find each other by names that begin with that of the stack. */
function stackOf(file: string): string {
  return textOf(file).includes('flow_') ? 'flow' : 'tried';
}

function textOf(file: string): string {
  return readFileSync(path.join(cluster.stacksDir, file), 'utf8');
}

describe.each(clients)('with the client %s', (client) => {
  test.each(files)('%s is a stack file', async (file) => {
    const env = { ...process.env, ...variables, DOCKER_HOST: cluster.dockerHost };
    const stack = stackOf(file);
    const configs = Object.values(readFile(file).configs ?? {}).length;
    await run(client, ['stack', 'deploy', '--resolve-image', 'never', '-c', path.join(cluster.stacksDir, file), stack], { env });
    const services = await docker.run(['stack', 'services', '--quiet', stack]);
    expect(services.trim().split('\n')).toHaveLength(Object.keys(readFile(file).services).length);
    await removeStacks(docker, [stack]);
    if (configs > 0) await docker.run(['config', 'rm', ...(await configsLeft())]).catch(() => '');
  });
});

const runnable = files.filter((file) =>
  Object.values(readFile(file).services).every(({ image }) => /docker-flow-|alertmanager/.test(image)),
);

test.each(runnable)('%s runs', async (file) => {
  const stack = stackOf(file);
  await deployStack(docker, cluster.stacksDir, file, stack, { ...variables, PROXY_REPLICAS: '1' });
  await allRunning(
    docker,
    Object.keys(readFile(file).services).map((name) => `${stack}_${name}`),
  );
  await removeStacks(docker, [stack]);
});

test('the long form of the alerts of the demo says what the short form stands for', async () => {
  await deployStack(docker, cluster.stacksDir, 'docker-flow-monitor.yml', 'monitor', variables);
  await allRunning(docker, ['monitor_monitor', 'monitor_swarm-listener']);
  const short = await rulesOf('go-demo-instrument-alert-short.yml');
  expect(short).toHaveLength(3);
  await removeStacks(docker, ['go-demo']);
  await until('the rules gone', async () =>
    (await rules()).length === 0 ? { done: true } : { notYet: 'still there' },
  );
  expect(await rulesOf('go-demo-instrument-alert-long.yml')).toEqual(short);
});

interface Rule {
  readonly name: string;
  readonly query: string;
  readonly duration: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

async function rulesOf(file: string): Promise<readonly Rule[]> {
  await deployStack(docker, cluster.stacksDir, file, 'go-demo', variables);
  return until(
    `rules of ${file}`,
    async () => {
      const found = await rules();
      return found.length === 3 ? { done: found } : { notYet: `${found.length} rules` };
    },
    { everyMs: 1_000 },
  );
}

async function rules(): Promise<readonly Rule[]> {
  const answer = await fetch(`http://${cluster.address}:9090/api/v1/rules`);
  const { data } = (await answer.json()) as { data: { groups: { rules: Rule[] }[] } };
  return data.groups
    .flatMap((group) => group.rules)
    .map(({ name, query, duration, labels, annotations }) => ({
      name,
      query,
      duration,
      labels,
      annotations,
    }));
}

function readFile(file: string) {
  return readStackFile(textOf(file), variables);
}

async function configsLeft(): Promise<readonly string[]> {
  return (await docker.run(['config', 'ls', '--quiet'])).split('\n').filter((line) => line !== '');
}
