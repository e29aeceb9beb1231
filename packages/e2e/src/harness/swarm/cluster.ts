/** The Swarm that scripts/e2e has started for a test file. */
export interface TestCluster {
  readonly dockerHost: string;
  /** Path of the first node's socket, for bind mounts into services of that node. */
  readonly dockerSocket: string;
  /** Address of the first node; published ports answer there. */
  readonly address: string;
  /** Our own address in the cluster's network; containers reach what listens here. */
  readonly gateway: string;
  readonly hasIpvs: boolean;
  readonly stacksDir: string;
  /** The script that can cut, crash and heal nodes. */
  readonly script: string;
}

/** @throws {Error} when the test was not started by scripts/e2e */
export function clusterFromEnvironment(environment: NodeJS.ProcessEnv): TestCluster {
  function need(name: string): string {
    const value = environment[name];
    if (!value) throw new Error(`${name} is not set: run end-to-end tests with scripts/e2e`);
    return value;
  }
  return {
    dockerHost: need('DOCKER_HOST'),
    dockerSocket: need('DF_NODE_1_SOCKET'),
    address: need('DF_NODE_1'),
    gateway: need('DF_CLUSTER_GATEWAY'),
    hasIpvs: need('DF_IPVS') === 'yes',
    stacksDir: need('DF_STACKS'),
    script: need('DF_SWARM_CLUSTER'),
  };
}
