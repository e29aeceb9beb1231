import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChangeRequest } from '../api/change-handlers.js';
import { handleScaleService } from '../api/scale-service-endpoint.js';
import { createWorld, type World } from '../testing/world.js';

/**
 * Random histories of webhooks — repeated, reordered, at the same time, across restarts — against the
 * plainest description of what shall come out of them.
 */

type Event =
  | { readonly kind: 'webhooks'; readonly posts: readonly Post[] }
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'by-hand'; readonly replicas: number }
  | { readonly kind: 'update'; readonly state: 'updating' | 'paused' | 'completed' }
  | { readonly kind: 'lost-races'; readonly count: number };

interface Post {
  readonly group: number | undefined;
  readonly scale: 'up' | 'down';
  readonly by: number | undefined;
  readonly to: number | undefined;
  readonly isResolved: boolean;
}

interface Labels {
  readonly min: number;
  readonly max: number;
  readonly upBy: number;
  readonly downBy: number;
  readonly upCooldown: number;
  readonly downCooldown: number;
}

const WINDOW_SECONDS = 5;

/** What shall come out: a few numbers and one map, one request after the other. */
class Reference {
  replicas: number;
  seconds = 0;
  changes = 0;
  updateState = 'completed';
  private isStopped = false;
  private changedAt = -Infinity;
  private readonly decided = new Map<string, number>();
  private readonly labels: Labels;

  constructor(replicas: number, labels: Labels) {
    this.replicas = replicas;
    this.labels = labels;
  }

  post(post: Post): void {
    if (post.isResolved || this.isRepeated(post)) return;
    const target = this.targetOf(post);
    const isUp = target > this.replicas;
    if (target === this.replicas) return;
    const cooldown = isUp ? this.labels.upCooldown : this.labels.downCooldown;
    if (this.seconds - this.changedAt < cooldown) return;
    if (this.updateState === 'paused' || (this.updateState === 'updating' && !isUp)) return;
    this.replicas = target;
    this.isStopped = false;
    this.changedAt = this.seconds;
    this.changes += 1;
  }

  byHand(replicas: number): void {
    if (replicas !== this.replicas) this.isStopped = replicas === 0;
    this.replicas = replicas;
  }

  private isRepeated({ group, to, scale }: Post): boolean {
    if (group === undefined) return false;
    const key = `${group} ${to ?? scale}`;
    const at = this.decided.get(key) ?? -Infinity;
    if (this.seconds - at < WINDOW_SECONDS) return true;
    this.decided.set(key, this.seconds);
    return false;
  }

  private targetOf({ scale, by, to }: Post): number {
    const { min, max, upBy, downBy } = this.labels;
    const isUp = to === undefined ? scale === 'up' : to > this.replicas;
    if (to === this.replicas || (to === undefined && isUp && this.isStopped)) return this.replicas;
    const wanted = to ?? (isUp ? this.replicas + (by ?? upBy) : this.replicas - (by ?? downBy));
    const bounded = Math.min(max, Math.max(min, wanted));
    return isUp ? Math.max(this.replicas, bounded) : Math.min(this.replicas, bounded);
  }
}

function requestOf(post: Post): ChangeRequest {
  const groupLabels = {
    service: 'web',
    scale: post.scale,
    ...(post.by === undefined ? {} : { by: String(post.by) }),
    ...(post.to === undefined ? {} : { to: String(post.to) }),
  };
  const body = JSON.stringify({
    version: '4',
    status: post.isResolved ? 'resolved' : 'firing',
    ...(post.group === undefined ? {} : { groupKey: `{}:{group="${post.group}"}` }),
    groupLabels,
  });
  return { query: [], body, dryRun: false, address: 'test', base: '' };
}

const posts: fc.Arbitrary<Post> = fc.record({
  group: fc.option(fc.nat(2), { nil: undefined }),
  scale: fc.constantFrom('up' as const, 'down' as const),
  by: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  to: fc.option(fc.nat(9), { nil: undefined, freq: 6 }),
  isResolved: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
});

const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('webhooks' as const),
      posts: fc.array(posts, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('time' as const), seconds: fc.integer({ min: 1, max: 15 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('by-hand' as const), replicas: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      state: fc.constantFrom('updating' as const, 'paused' as const, 'completed' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('lost-races' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
);

const labelSets: fc.Arbitrary<Labels> = fc.record({
  min: fc.nat(3),
  max: fc.integer({ min: 1, max: 8 }),
  upBy: fc.integer({ min: 1, max: 3 }),
  downBy: fc.integer({ min: 1, max: 3 }),
  upCooldown: fc.constantFrom(0, 0, 7),
  downCooldown: fc.constantFrom(0, 0, 12),
});

function dockerLabels(labels: Labels): Readonly<Record<string, string>> {
  return {
    'com.df.scaleMin': String(labels.min),
    'com.df.scaleMax': String(labels.max),
    'com.df.scaleUpBy': String(labels.upBy),
    'com.df.scaleDownBy': String(labels.downBy),
    'com.df.scaleUpCooldown': String(labels.upCooldown),
    'com.df.scaleDownCooldown': String(labels.downCooldown),
  };
}

/** The program writes its memory, ends, and starts anew from what it has written. */
function restarted({ swarm, clock, state }: World): World {
  const snapshot = JSON.parse(JSON.stringify(state.snapshot())) as ReturnType<typeof state.snapshot>;
  return createWorld({ swarm, clock, snapshot });
}

async function happen(event: Event, world: World, reference: Reference): Promise<World> {
  switch (event.kind) {
    case 'webhooks': {
      const answers = event.posts.map((post) => handleScaleService(requestOf(post), world));
      for (const post of event.posts) reference.post(post);
      expect((await Promise.all(answers)).map(({ httpStatus }) => httpStatus)).toEqual(
        event.posts.map(() => 200),
      );
      return world;
    }
    case 'time':
      reference.seconds += event.seconds;
      world.clock.nowMs += event.seconds * 1_000;
      return world;
    case 'restart':
      return restarted(world);
    case 'by-hand':
      world.swarm.scaleByHand('web', event.replicas);
      reference.byHand(event.replicas);
      await world.check('id-web');
      return world;
    case 'update':
      world.swarm.setUpdateState('web', event.state);
      reference.updateState = event.state;
      return world;
    case 'lost-races':
      world.swarm.loseRaces(event.count);
      return world;
  }
}

test('thousands of random histories end as the plain reference says', async () => {
  await fc.assert(
    fc.asyncProperty(
      labelSets,
      fc.nat(9),
      fc.array(events, { minLength: 1, maxLength: 12 }),
      async (labels, replicas, history) => {
        let world = createWorld();
        world.swarm.add({ name: 'web', replicas, labels: dockerLabels(labels) });
        await world.check('id-web');
        const reference = new Reference(replicas, labels);
        for (const event of history) {
          world = await happen(event, world, reference);
          expect(world.swarm.replicasOf('web')).toBe(reference.replicas);
          expect(world.swarm.updates).toHaveLength(reference.changes);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
