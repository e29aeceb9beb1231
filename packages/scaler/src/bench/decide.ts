import { median, type Figure } from '@docker-flow/testkit';
import { decide } from '../core/autoscaling/decide.js';
import { NO_MEMORY, type Memory } from '../core/autoscaling/memory.js';
import { completePolicy } from '../core/autoscaling/policy/complete-policy.js';

const SERVICES = 1_000;
const TASKS = 10;
const ROUNDS = 70;
/** Until memories are full and the code is compiled. */
const WARM_UP = 60;

/** The decision alone. */
export function measureDecide(): readonly Figure[] {
  const completed = completePolicy({
    max: 1_000,
    metrics: [{ name: 'm1', per: 'task', type: 'utilization', resource: 'cpu', target: 50 }],
  });
  if (!('policy' in completed)) throw new Error('the policy is rejected');
  const { policy } = completed;
  const tasks = Array.from({ length: TASKS }, (_, i) => ({
    id: `t${i}`,
    ready: true,
    startedSecondsAgo: 9_999,
    request: 1,
    samples: { m1: 0.4 + i / 50 },
  }));
  let memories = Array.from({ length: SERVICES }, (): Memory => NO_MEMORY);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const begunAt = performance.now();
    memories = memories.map(
      (memory) => decide(policy, memory, { at: round * 5, current: TASKS, tasks }).memory,
    );
    if (round >= WARM_UP) times.push(performance.now() - begunAt);
  }
  const what = `decide, ${SERVICES} services of ${TASKS} tasks, p50`;
  return [{ what, value: median(times), unit: 'ms', goal: 50 }];
}
