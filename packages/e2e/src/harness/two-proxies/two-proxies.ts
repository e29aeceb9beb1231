import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clusterFromEnvironment, type TestCluster } from '../swarm/cluster.js';
import { createDockerCli, type DockerCli } from '../swarm/docker-cli.js';
import { patientStack } from '../swarm/patient-stack.js';
import { createNetwork, networkVariables, removeStacks } from '../swarm/stack.js';

/** A node of the cluster, where one of the two proxies runs. */
export interface ProxyNode {
  readonly address: string;
  readonly docker: DockerCli;
}

/** A cluster of two nodes with a proxy on each, and stacks beside them. */
export interface TwoProxies {
  readonly cluster: TestCluster;
  /** Of the first node, which is a manager. */
  readonly docker: DockerCli;
  readonly nodes: readonly [ProxyNode, ProxyNode];
  /** Deploys a stack file, ours or one of the test, whose programs have time for their health checks. */
  deploy(stack: string, text: string): Promise<void>;
  /** Deploys a file of `stacks/`, as `change` makes it. */
  deployFile(stack: string, file: string, change?: (text: string) => string): Promise<void>;
  /** Removes what was deployed, unless the cluster is kept to look at it. */
  end(): Promise<void>;
}

/** Networks and variables for stacks of two proxies; nothing is deployed yet. */
export async function prepareTwoProxies(environment: NodeJS.ProcessEnv): Promise<TwoProxies> {
  const cluster = clusterFromEnvironment(environment);
  const docker = createDockerCli(cluster.dockerHost);
  const directory = await mkdtemp(path.join(tmpdir(), 'two-proxies-'));
  const deployed: string[] = [];
  const variables = {
    ...networkVariables(cluster.hasIpvs),
    DOCKER_SOCKET: cluster.dockerSocket,
    DOMAIN: cluster.address,
    PROXY_REPLICAS: '2',
    SCRAPE_INTERVAL: '1s',
    PROMETHEUS_URL: 'http://monitor:9090',
  };
  const node = (number: number): ProxyNode => ({
    address: environment[`DF_NODE_${number}`] ?? '',
    docker: createDockerCli(`unix://${environment[`DF_NODE_${number}_SOCKET`] ?? ''}`),
  });
  for (const network of ['proxy', 'monitor']) await createNetwork(docker, network);

  async function deploy(stack: string, text: string): Promise<void> {
    const file = path.join(directory, `${stack}.yml`);
    await writeFile(file, text);
    deployed.push(stack);
    await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, stack], { env: variables });
  }

  return {
    cluster,
    docker,
    nodes: [node(1), node(2)],
    deploy,
    async deployFile(stack, file, change = (text) => text) {
      const text = await readFile(path.join(cluster.stacksDir, file), 'utf8');
      await deploy(stack, change(patientStack(text)));
    },
    async end() {
      await rm(directory, { recursive: true, force: true });
      if (!environment['DF_KEEP']) await removeStacks(docker, deployed);
    },
  };
}
