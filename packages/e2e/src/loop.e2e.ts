// cluster: --nodes 1
// images: loop
import { afterAll, beforeAll, test } from '@jest/globals';
import { createDockerCli } from './docker-cli.js';
import { withLogsOnFailure } from './service-logs.js';
import { networkVariables } from './stack.js';
import { createProgress } from './story/progress.js';
import { deployAll, removeAll } from './story/stack-set.js';
import { tellStory } from './story/story.js';
import { clusterFromEnvironment } from './cluster.js';

const cluster = clusterFromEnvironment(process.env);
const docker = createDockerCli(cluster.dockerHost);
const progress = createProgress((line) => process.stderr.write(`${line}\n`));

beforeAll(async () => {
  const variables = { ...networkVariables(cluster.hasIpvs), DOCKER_SOCKET: cluster.dockerSocket };
  await deployAll({ docker, stacksDir: cluster.stacksDir, variables }, progress, 180_000);
});

afterAll(() => (process.env['DF_KEEP'] ? undefined : removeAll(docker, 60_000)));

test('a service goes from 3 replicas to 2 and back to 3 because of its labels', async () => {
  await withLogsOnFailure(docker, progress, () =>
    tellStory({ docker, proxyUrl: `http://${cluster.address}`, progress }),
  );
});
