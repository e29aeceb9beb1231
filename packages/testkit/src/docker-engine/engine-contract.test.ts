import { test } from '@jest/globals';
import { createEngineClient } from './engine-client.js';
import { ENGINE_CONTRACT } from './engine-contract.js';
import { startFakeDockerEngine } from './fake-docker-engine.js';

/** The same on a real engine: packages/e2e/src/scenarios/listener/docker-contract.e2e.ts. */
test.each(ENGINE_CONTRACT)('the fake engine: $claim', async ({ check }) => {
  const fake = await startFakeDockerEngine({ nodes: [{ role: 'manager' }] });
  try {
    const engine = createEngineClient(fake.dockerHost);
    await check({ engine, image: 'image:1', network: 'monitor', limitMs: 60_000 });
  } finally {
    await fake.close();
  }
});
