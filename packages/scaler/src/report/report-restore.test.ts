import { expect, test } from '@jest/globals';
import { checkForReset } from '../restore/check-for-reset.js';
import { createResetDetection } from '../restore/reset-detection.js';
import { deployedService } from '../testing/deployed-service.js';
import { createWorld } from '../testing/world.js';
import { reportRestore } from './report-restore.js';

/** Checks twice what a deploy has taken from five replicas to two, with its update in this state. */
async function checkTwice(updateState: string) {
  const { swarm, state, scaling, reporters, messages } = createWorld();
  state.remember('id-web', 'shop_web', (memory) => ({ ...memory, inForce: { replicas: 5, atMs: 1 } }));
  const service = deployedService(
    { replicas: 2, image: 'web:2' },
    { replicas: 5, image: 'web:1' },
    updateState,
  );
  const written: number[] = [];
  const docker = {
    ...swarm,
    inspectService: () => Promise.resolve(service),
    listServices: () => Promise.resolve([service]),
    updateService: () => Promise.resolve(void written.push(1)),
  };
  const { queue, config, now } = scaling;
  const detection = createResetDetection({ swarm: docker, state, now });
  for (let times = 0; times < 2; times += 1) {
    const result = await checkForReset('id-web', { swarm: docker, state, queue, config, detection, now });
    reportRestore(result, reporters);
  }
  return { messages, activities: state.activities(), writes: written.length };
}

test.each(['paused', 'rollback_paused'])(
  'replicas that wait for an update that is %s are told once, and not written',
  async (updateState) => {
    const { messages, activities, writes } = await checkTwice(updateState);
    const said = `shop_web has 2 replicas instead of the scaler's 5, and they are not restored: its update is ${updateState}`;
    expect(messages).toEqual([said]);
    expect(activities).toEqual([
      expect.objectContaining({ outcome: 'held', service: 'shop_web', message: said }),
    ]);
    expect(writes).toBe(0);
  },
);

test('an update that goes on by itself holds nothing up', async () => {
  const { activities, writes } = await checkTwice('updating');
  expect(activities[0]).toMatchObject({ outcome: 'restored' });
  expect(writes).toBeGreaterThan(0);
});
