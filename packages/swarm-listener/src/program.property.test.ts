import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Parameters } from '@docker-flow/labels';
import { createEngineClient, type EngineEvent, type FakeDockerEngine } from '@docker-flow/testkit';
import { eventually, startTestReceiver, startWorld, type TestReceiver } from './testing/world.js';

/**
 * The whole listener between an engine and two receivers: events come late, twice, out of order or not at all,
 * Docker and the receivers fail on the way, and in the end every receiver holds what the engine holds.
 */

const NAMES = ['shop_web', 'shop_api', 'alone'];

type Step =
  | {
      readonly kind: 'deploy';
      readonly name: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly replicas: number;
    }
  | { readonly kind: 'remove'; readonly name: string }
  /** An event that tells nothing new, of something that is there, or was, or never. */
  | { readonly kind: 'event'; readonly name: string; readonly action: string }
  | { readonly kind: 'lose events' | 'hear events' | 'break streams' | 'restart the engine' | 'rest' }
  | { readonly kind: 'Docker fails'; readonly times: number }
  | { readonly kind: 'receivers fail'; readonly times: number };

const name = fc.constantFrom(...NAMES);
const labels = fc.record({
  'com.df.notify': fc.constantFrom('true', 'true', 'true', 'false'),
  'com.df.shortName': fc.constantFrom('true', 'false'),
  'com.df.text': fc.constantFrom('1', '2', 'ü 😀\n&=+%'),
});
const replicas = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('deploy' as const), name, labels, replicas }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), name }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      name,
      action: fc.constantFrom('create', 'update', 'remove'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'lose events' as const,
        'hear events' as const,
        'break streams' as const,
        'restart the engine' as const,
        'rest' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('Docker fails' as const, 'receivers fail' as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

/** Ids of services that there are or were, by name. */
type Ids = Map<string, string>;

async function take(
  engine: FakeDockerEngine,
  receivers: readonly TestReceiver[],
  ids: Ids,
  one: Step,
): Promise<void> {
  switch (one.kind) {
    case 'deploy': {
      const stack = one.name.startsWith('shop_') ? { 'com.docker.stack.namespace': 'shop' } : {};
      const change = {
        Labels: { ...one.labels, ...stack },
        Mode: { Replicated: { Replicas: one.replicas } },
      };
      if (engine.service(one.name)) engine.changeService(one.name, change);
      else ids.set(one.name, engine.createService({ Name: one.name, ...change }).ID);
      return;
    }
    case 'remove':
      if (engine.service(one.name)) engine.removeService(one.name);
      return;
    case 'event':
      engine.publish(eventOf(ids.get(one.name) ?? 'unheard-of', one.name, one.action));
      return;
    case 'lose events':
    case 'hear events':
      engine.muteEvents(one.kind === 'lose events');
      return;
    case 'break streams':
      engine.dropEventStreams();
      return;
    case 'restart the engine':
      await engine.crash();
      await engine.again();
      return;
    case 'Docker fails':
      engine.fault({
        path: /^\/(services|tasks|nodes)/,
        status: 500,
        message: 'no leader',
        times: one.times,
      });
      return;
    case 'receivers fail':
      for (const receiver of receivers) receiver.failNext(one.times);
      return;
    case 'rest':
      await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

function eventOf(id: string, service: string, action: string): EngineEvent {
  return {
    Type: 'service',
    Action: action,
    Actor: { ID: id, Attributes: { name: service } },
    scope: 'swarm',
    time: 1,
    timeNano: 1_000_000_000,
  };
}

async function wantedState(engine: FakeDockerEngine): Promise<ReadonlyMap<string, Parameters>> {
  const answer = await createEngineClient(engine.dockerHost).call('GET', '/services');
  const services = answer.body as readonly {
    readonly Spec: {
      readonly Name: string;
      readonly Labels: Readonly<Record<string, string>>;
      readonly Mode: { readonly Replicated: { readonly Replicas: number } };
    };
  }[];
  return new Map(
    services
      .filter(({ Spec: spec }) => spec.Labels['com.df.notify'] === 'true')
      .map(({ Spec: spec }) => {
        const { 'com.df.shortName': shortName = '', 'com.df.text': text = '' } = spec.Labels;
        const serviceName = shortName === 'true' ? spec.Name.replace(/^shop_/, '') : spec.Name;
        const count = String(spec.Mode.Replicated.Replicas);
        return [serviceName, { distribute: 'true', shortName, text, serviceName, replicas: count }];
      }),
  );
}

async function endsRight(steps: readonly Step[]): Promise<void> {
  const receivers = [await startTestReceiver(), await startTestReceiver()];
  const { engine, close } = await startWorld(receivers, { DF_RESYNC_INTERVAL: '1' });
  try {
    const ids: Ids = new Map();
    for (const one of steps) await take(engine, receivers, ids, one);
    engine.clearFaults();
    const wanted = await wantedState(engine);
    // What was still under way may undo it once more.
    await eventually(
      () => {
        for (const { held } of receivers) expect(held).toEqual(wanted);
      },
      { limitMs: 120_000, steadyMs: 2_000 },
    );
  } finally {
    await close();
  }
}

test('every receiver ends with what the engine holds, whatever was lost, doubled or broken on the way', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), endsRight), {
    numRuns: 8,
    endOnFailure: true,
  });
}, 600_000);
