import { createRandom, type Random } from '../../random.js';
import { after, type Action, type World } from './actions.js';
import { PROGRAMS, type Fault, type InnerProcess } from './faults.js';
import { HOSTILITIES, type Features, type WalkedService } from './walked-service.js';

/** What happens between two quiet points: changes of services while something is broken. */
export interface Round {
  readonly actions: readonly Action[];
  readonly fault: Fault | undefined;
  /** The services that are there afterwards. */
  readonly world: World;
}

/** `none`, of the stack's programs alone, or of nodes as well. */
export type FaultChoice = 'none' | 'programs' | 'all';

export interface WalkOptions {
  readonly seed: number;
  readonly faults: FaultChoice;
  readonly managers: number;
  readonly workers: number;
}

/** Those that traffic goes to all the time: changed, but never removed, and never without their first path. */
export const STEADY = ['steady-a', 'steady-b'] as const;
const PASSING = ['fir', 'oak', 'elm', 'ash', 'yew'] as const;
const INNER: readonly InnerProcess[] = ['HAProxy master', 'HAProxy worker', 'Prometheus'];

/** The services that a walk begins with. */
export function firstWorld(): World {
  const plain: Features = { revision: 0, isScraped: true };
  const services: readonly WalkedService[] = STEADY.map((name) => ({
    name,
    replicas: 2,
    version: 0,
    features: name === 'steady-a' ? { ...plain, isCertified: true, bounds: { min: 1, max: 3 } } : plain,
  }));
  return new Map(services.map((service) => [service.name, service]));
}

/** Rounds without end; equal options, equal rounds. */
export function* walk(options: WalkOptions): Generator<Round, never> {
  const random = createRandom(options.seed);
  let world = firstWorld();
  for (;;) {
    const actions: Action[] = [];
    const count = 1 + random.below(3);
    for (let i = 0; i < count; i += 1) {
      const action = nextAction(world, random);
      actions.push(action);
      world = after(world, action);
    }
    yield { actions, fault: nextFault(options, random), world };
  }
}

type Change = Action['what'];
const CHANGES: readonly Change[] = [
  'create',
  'create',
  'create',
  'relabel',
  'relabel',
  'relabel',
  'scale',
  'scale',
  'redeploy',
  'remove',
  'webhooks',
];

function nextAction(world: World, random: Random): Action {
  const absent = PASSING.filter((name) => !world.has(name));
  const passing = [...world.values()].filter(({ name }) => !isSteady(name));
  let what = random.pick(CHANGES);
  if (what === 'create' && absent.length === 0) what = 'remove';
  if (what === 'remove' && passing.length === 0) what = 'create';
  if (what === 'create') return { what, service: newService(random.pick(absent), world, random) };
  if (what === 'remove') return { what, name: random.pick(passing).name };
  const all = [...world.values()];
  if (what === 'webhooks') {
    const bounded = all.filter(({ features }) => features.bounds !== undefined);
    const directions = Array.from({ length: 1 + random.below(3) }, () =>
      random.pick(['up', 'down'] as const),
    );
    return { what, name: random.pick(bounded).name, directions: repeatedAndShuffled(directions, random) };
  }
  const service = random.pick(all);
  if (what === 'scale') return { what, service: { ...service, replicas: newCount(service, random) } };
  if (what === 'redeploy') return { what, service: { ...service, version: service.version + 1 } };
  return { what: 'relabel', service: { ...service, features: newFeatures(service, world, random) } };
}

function isSteady(name: string): boolean {
  return (STEADY as readonly string[]).includes(name);
}

function newService(name: string, world: World, random: Random): WalkedService {
  const service: WalkedService = {
    name,
    replicas: 1 + random.below(2),
    version: 0,
    features: { revision: 0, isScraped: false },
  };
  return { ...service, features: newFeatures(service, world, random) };
}

function newFeatures({ name, features }: WalkedService, world: World, random: Random): Features {
  const revision = features.revision + 1;
  const common = {
    revision,
    // Bounds stay, or nobody could say any more what the scaler may do with the count it has made.
    ...(features.bounds ? { bounds: features.bounds } : {}),
    isScraped: random.next() < 0.5,
    ...(random.next() < 0.5
      ? { alert: { name: random.pick(['slow', 'full'] as const), figure: random.below(1_000) } }
      : {}),
  };
  if (isSteady(name)) return { ...features, ...common, isScraped: true };
  const chance = random.next();
  const isCertified = random.next() < 0.3;
  if (chance < 0.25) return { ...common, hostility: random.pick(HOSTILITIES) };
  const taken = [...world.values()].some((one) => one.name !== name && one.features.canary !== undefined);
  if (chance < 0.5 && !taken) return { ...common, canary: { of: 'steady-b', weight: random.below(101) } };
  const withDomain = isCertified ? { ...common, isCertified } : common;
  return chance > 0.8 ? { ...withDomain, bounds: { min: 1, max: 3 } } : withDomain;
}

/** Inside the bounds: what the scaler does about others is its own tests' business. */
function newCount({ replicas, features }: WalkedService, random: Random): number {
  const { min, max } = features.bounds ?? { min: 1, max: 3 };
  const others = Array.from({ length: max - min + 1 }, (_, i) => min + i).filter(
    (count) => count !== replicas,
  );
  return others.length === 0 ? replicas : random.pick(others);
}

function repeatedAndShuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const all = list.flatMap((one) => [one, one]);
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1);
    const [a, b] = [all[i] as T, all[j] as T];
    all[i] = b;
    all[j] = a;
  }
  return all;
}

function nextFault({ faults, managers, workers }: WalkOptions, random: Random): Fault | undefined {
  if (faults === 'none') return undefined;
  const which = random.below(10);
  const chance = random.next();
  const nodeFaults = faults === 'all' ? nodeFaultsOf(managers, workers, which) : [];
  if (chance < 0.1) return undefined;
  if (chance < 0.4 && nodeFaults.length > 0) return random.pick(nodeFaults);
  if (chance < 0.6) return { kind: 'kill', program: random.pick(PROGRAMS), which };
  if (chance < 0.75) return { kind: 'stop', program: random.pick(PROGRAMS), which };
  if (chance < 0.93)
    return { kind: random.pick(['kill inside', 'stop inside'] as const), process: random.pick(INNER), which };
  return { kind: 'disk full', program: random.pick(['proxy', 'monitor'] as const), which };
}

/** Only what leaves the cluster a majority of its managers. */
function nodeFaultsOf(managers: number, workers: number, which: number): readonly Fault[] {
  const result: Fault[] = [{ kind: 'crash', node: { role: 'manager', which } }];
  if (workers > 0)
    result.push(
      { kind: 'crash', node: { role: 'worker', which } },
      { kind: 'off', node: { role: 'worker', which } },
      { kind: 'cut', node: { role: 'worker', which } },
    );
  if (managers >= 3)
    result.push({ kind: 'off', node: { role: 'leader' } }, { kind: 'cut', node: { role: 'manager', which } });
  return result;
}
