import { setTimeout as pause } from 'node:timers/promises';
import { failureInWords, unexcused, type FaultWindow } from '../expect/excused-failures.js';
import { growth, restarted, type ProcessFigures } from '../expect/process-growth.js';
import type { Secret } from '../expect/secrets-in-text.js';
import type { Action } from '../plan/actions.js';
import { faultInWords, restartedBy } from '../plan/faults.js';
import { firstWorld, STEADY, walk, type Round, type WalkOptions } from '../plan/walk.js';
import { perform } from './change-services.js';
import { endingsOf } from './containers.js';
import type { LostByDocker } from './docker-names.js';
import { injectFault, restartDocker } from './inject-fault.js';
import type { Nodes } from './nodes.js';
import { reachQuietPoint, type CountSet } from './quiet-point.js';
import { createLogReader } from './read-logs.js';
import { startSteadyRequests, type SteadyRequests } from './steady-requests.js';

export interface ChaosOptions {
  readonly walk: WalkOptions;
  /** No round begins later, from the moment at which the first services are in order. */
  readonly minutes: number;
  /** Or after so many. */
  readonly rounds: number;
  readonly image: string;
  /** Between two requests of one client. */
  readonly pauseMs: number;
}

export interface ChaosDeps {
  readonly nodes: Nodes;
  /** scripts/swarm-cluster */
  readonly script: string;
  readonly secrets: readonly Secret[];
  /** PEM of the root of the authority that issues certificates. */
  readonly root: string;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly rounds: number;
  readonly requests: number;
  readonly excused: number;
  /** How often Docker itself had lost names, and was started again. */
  readonly dockerRestarts: number;
}

/** How long a fault lasts beyond the changes that are made under it, at most. */
const HOLD_MS = 20_000;

/**
 * The production stack runs. Walks until time or rounds are over, and looks after each round whether everything is
 * as it must be. In the end the services of the walk are removed, unless something was wrong.
 *
 * @throws {Error} at the first quiet point that is not reached, or at which something is wrong
 */
export async function runChaos(options: ChaosOptions, deps: ChaosDeps): Promise<ChaosReport> {
  const { say } = deps;
  const traffic = startSteadyRequests(STEADY, options.pauseMs);
  const state = createState(traffic);
  try {
    for (const service of firstWorld().values())
      await act({ what: 'create', service }, options, deps, state.counts);
    await quietPoint(0, { actions: [], fault: undefined, world: firstWorld() }, deps, state);
    // Not before: on a slow machine that takes minutes itself.
    const deadline = performance.now() + options.minutes * 60_000;
    let done = 0;
    let world = firstWorld();
    for (const round of walk(options.walk)) {
      if (done >= options.rounds || performance.now() > deadline) break;
      done += 1;
      say(`round ${done}${round.fault ? `: ${faultInWords(round.fault)}` : ''}`);
      await go(round, options, deps, state);
      await quietPoint(done, round, deps, state);
      world = round.world;
    }
    for (const name of world.keys()) await act({ what: 'remove', name }, options, deps, state.counts);
    const requests = traffic.sent();
    say(
      `${done} rounds, ${requests} requests, ${state.excused} of them failed under a fault that explains it`,
    );
    if (state.dockerRestarts > 0) say(`Docker had lost names ${state.dockerRestarts} time(s)`);
    return { rounds: done, requests, excused: state.excused, dockerRestarts: state.dockerRestarts };
  } finally {
    await traffic.stop();
  }
}

interface State {
  readonly traffic: SteadyRequests;
  readonly counts: Map<string, CountSet>;
  readonly figures: ProcessFigures[];
  windows: readonly FaultWindow[];
  lastFigures: readonly ProcessFigures[];
  excused: number;
  dockerRestarts: number;
  reader: ReturnType<typeof createLogReader> | undefined;
}

function createState(traffic: SteadyRequests): State {
  return {
    traffic,
    counts: new Map(),
    figures: [],
    windows: [],
    lastFigures: [],
    excused: 0,
    dockerRestarts: 0,
    reader: undefined,
  };
}

/** The changes of a round, under its fault. */
async function go(round: Round, options: ChaosOptions, deps: ChaosDeps, state: State): Promise<void> {
  const fault = round.fault && (await injectFault(round.fault, deps));
  const changes = (async () => {
    for (const action of round.actions) await act(action, options, deps, state.counts);
  })();
  if (fault) {
    await Promise.race([changes, pause(HOLD_MS)]);
    await fault.end();
    // It is over once everything was seen in order again: quietPoint sets the end.
    state.windows = [...state.windows, { ...fault.window, untilMs: Infinity }];
  }
  await changes;
}

async function act(
  action: Action,
  { image }: ChaosOptions,
  { nodes, say }: ChaosDeps,
  counts: Map<string, CountSet>,
): Promise<void> {
  await perform(action, { nodes, image, say });
  if (action.what === 'remove') counts.delete(action.name);
  else if (action.what === 'webhooks') {
    const set = counts.get(action.name);
    if (set) counts.set(action.name, { ...set, isAsked: true });
  } else if (action.what === 'create' || action.what === 'scale')
    counts.set(action.service.name, { count: action.service.replicas, atMs: Date.now(), isAsked: false });
}

async function quietPoint(number: number, round: Round, deps: ChaosDeps, state: State): Promise<void> {
  const { nodes, root, secrets, say } = deps;
  const began = performance.now();
  const restartsBefore = state.dockerRestarts;
  let last = '';
  const seen = await reachQuietPoint(round.world, {
    nodes,
    root,
    counts: state.counts,
    onWait(reason) {
      if (reason !== last) say(`  … ${reason.slice(0, 600)}`);
      last = reason;
    },
    ...(state.windows.some(({ excuse }) => excuse === 'all')
      ? { mendDocker: (lost) => mendDocker(lost, deps, state) }
      : {}),
  });
  // First: a client that still asks where a proxy was before it moved would be refused after the fault is over.
  state.traffic.useProxies(seen.proxyAddresses);
  const untilMs = Date.now();
  // They are kept: a request that began before the end of one may fail after it.
  state.windows = state.windows.map((window) => ({ ...window, untilMs: Math.min(window.untilMs, untilMs) }));
  const failures = state.traffic.takeFailures();
  const guilty = unexcused(failures, state.windows);
  state.excused += failures.length - guilty.length;
  state.reader ??= createLogReader(nodes);
  const isDockerRestarted = state.dockerRestarts > restartsBefore;
  const excused = new Set([
    ...(round.fault ? [restartedBy(round.fault)] : []),
    ...(isDockerRestarted ? (['all'] as const) : []),
  ]);
  const problems = [
    ...guilty.slice(0, 20).map((one) => `a request failed: ${failureInWords(one)}`),
    ...(await restartsInWords(restarted(state.lastFigures, seen.figures, excused), nodes)),
    ...growth(state.figures, seen.figures),
    ...(await state.reader.secretsFound(secrets)),
  ];
  state.figures.push(...seen.figures);
  state.lastFigures = seen.figures;
  if (problems.length > 0)
    throw new Error(`after round ${number}, ${guilty.length} failed request(s):\n${problems.join('\n')}`);
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  say(
    `quiet point ${number} after ${seconds} s: ${round.world.size} services, ${failures.length} excused failures`,
  );
}

/** Names that Docker has lost are no fault of ours: it is told, and the walk goes on once it is mended. */
async function mendDocker(lost: LostByDocker, deps: ChaosDeps, state: State): Promise<void> {
  deps.say(`  Docker has lost names: ${lost.words.join('; ')}`);
  state.dockerRestarts += 1;
  const fault = `Docker of node(s) ${lost.nodes.join(', ')} started again, which had lost names`;
  state.windows = [...state.windows, { fault, fromMs: Date.now(), untilMs: Infinity, excuse: 'all' }];
  await restartDocker(lost.nodes, deps);
}

async function restartsInWords(programs: readonly string[], nodes: Nodes): Promise<readonly string[]> {
  const told = programs.map(async (program) => {
    const endings = await endingsOf(nodes, program);
    return `${program} was restarted, and nothing had been done to it: ${endings.join('; ')}`;
  });
  return Promise.all(told);
}
