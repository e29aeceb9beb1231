import path from 'node:path';
import { createDockerCli, type DockerCli } from './docker-cli.js';

/** One machine of the Swarm. */
export interface SwarmNode {
  /** Published ports answer there. */
  readonly address: string;
  readonly docker: DockerCli;
}

/** The Swarm that scripts/e2e has started for a test file. */
export interface TestCluster {
  readonly dockerHost: string;
  /** The client of the first node, which is a manager. */
  readonly docker: DockerCli;
  /** Path of the first node's socket, for bind mounts into services of that node. */
  readonly dockerSocket: string;
  /** Address of the first node; published ports answer there. */
  readonly address: string;
  /** All of them, in their order. */
  readonly nodes: readonly SwarmNode[];
  /** Our own address in the cluster's network; containers reach what listens here. */
  readonly gateway: string;
  readonly hasIpvs: boolean;
  /** The checkout that is tested. */
  readonly root: string;
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
  const dockerHost = need('DOCKER_HOST');
  return {
    dockerHost,
    docker: createDockerCli(dockerHost),
    dockerSocket: need('DF_NODE_1_SOCKET'),
    address: need('DF_NODE_1'),
    nodes: Array.from({ length: Number(need('DF_CLUSTER_NODES')) }, (_, i) => ({
      address: need(`DF_NODE_${i + 1}`),
      docker: createDockerCli(`unix://${need(`DF_NODE_${i + 1}_SOCKET`)}`),
    })),
    gateway: need('DF_CLUSTER_GATEWAY'),
    hasIpvs: need('DF_IPVS') === 'yes',
    root: path.join(need('DF_STACKS'), '..'),
    stacksDir: need('DF_STACKS'),
    script: need('DF_SWARM_CLUSTER'),
  };
}
