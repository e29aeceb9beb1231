// cluster: --nodes 1
// images: none
// when: test
import { beforeAll, test } from '@jest/globals';
import { ENGINE_CONTRACT, createEngineClient } from '@docker-flow/testkit';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { makeSmallImage } from '../../harness/swarm/small-image.js';

/** What the tests with the fake engine rely on, on a real one (engine-contract.test.ts of packages/testkit). */

const IMAGE = 'local/small:1';
const NETWORK = 'contract-monitor';
const { docker, dockerHost } = clusterFromEnvironment(process.env);

beforeAll(async () => {
  await makeSmallImage(IMAGE, [dockerHost]);
  await docker.run(['network', 'create', '--driver', 'overlay', NETWORK]);
});

test.each(ENGINE_CONTRACT)('a real engine: $claim', async ({ check }) =>
  check({ engine: createEngineClient(dockerHost), image: IMAGE, network: NETWORK, limitMs: 60_000 }),
);
