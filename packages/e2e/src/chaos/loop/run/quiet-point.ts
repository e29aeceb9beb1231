import type { Parameters } from '@docker-flow/labels';
import { until } from '../../../harness/until.js';
import { difference } from '../../cluster-state.js';
import { prometheusDifferences, proxyDifferences, replicaDifferences } from '../expect/compare-views.js';
import { expectedState } from '../expect/expected-state.js';
import type { World } from '../plan/actions.js';
import { INJECTED } from '../plan/walked-service.js';
import { createNameWatch, type LostByDocker } from './docker-names.js';
import { allNodesReady, type Nodes } from './nodes.js';
import { observe, unsettled, type Activity, type Observation, type Questions } from './observe.js';

export interface QuietPointDeps {
  readonly nodes: Nodes;
  /** PEM of the root of the authority; absent when nobody orders certificates. */
  readonly root?: string;
  /** What the walk has set a count to, and when. */
  readonly counts: ReadonlyMap<string, CountSet>;
  readonly onWait: (reason: string) => void;
  /** Mends what Docker itself has lost; absent when nothing has been done to a node that would explain it. */
  readonly mendDocker?: (lost: LostByDocker) => Promise<void>;
}

export interface CountSet {
  readonly count: number;
  readonly atMs: number;
  /** Whether the scaler was asked to change it since. */
  readonly isAsked: boolean;
}

const AGAIN = 2;

/**
 * Waits until the cluster is at rest and everybody's view is what the labels say, twice in a row; answers what was
 * seen then.
 *
 * @throws {Error} with every difference, when that does not happen
 */
export async function reachQuietPoint(world: World, deps: QuietPointDeps): Promise<Observation> {
  const { nodes, root, onWait } = deps;
  await allNodesReady(nodes);
  const expected = expectedState(world);
  const questions: Questions = {
    paths: new Map([...expected.answers.keys()].map((name) => [name, `/${name}/hello`])),
    domains: expected.certificates,
    ...(root === undefined ? {} : { root }),
    isOurs: (name) => world.has(name) || !isOthers(name),
  };
  const names = createNameWatch(nodes);
  let agreed = 0;
  return until(
    'all views are what the labels say',
    async () => {
      const different = await unsettled(nodes);
      if (different.length > 0) {
        agreed = 0;
        return { notYet: different.join('; ') };
      }
      const seen = await observe(nodes, questions);
      const problems = [
        ...listenerDifferences(seen.cluster, seen.listener),
        ...proxyDifferences(expected, seen.proxies, INJECTED),
        ...prometheusDifferences(expected, seen.taskAddresses, seen.prometheus),
        ...replicaDifferences(expected, {
          wanted: seen.replicas,
          decided: decidedCounts(deps.counts, seen.activities),
        }),
        ...oldWorkers(seen),
      ];
      agreed = problems.length === 0 ? agreed + 1 : 0;
      if (agreed >= AGAIN) return { done: seen };
      const lost = problems.length > 0 && deps.mendDocker ? await names.look() : undefined;
      if (lost) await deps.mendDocker?.(lost);
      return { notYet: problems.length === 0 ? 'seen once' : problems.join('; ') };
    },
    // A look runs a program in each container: more often would keep a small machine busy with looking.
    { timeoutMs: 15 * 60_000, everyMs: 2_500, onWait },
  );
}

/** Those of the stack itself; whatever else there is was made by the walk, or is there by mistake. */
function isOthers(name: string): boolean {
  return name.startsWith('flow_') || name === 'certificates_certificates' || name === 'prometheus';
}

function listenerDifferences(
  cluster: ReadonlyMap<string, Parameters>,
  listener: ReadonlyMap<string, Parameters>,
): readonly string[] {
  const found = difference(cluster, listener);
  return found === undefined ? [] : [`swarm-listener: ${found}`];
}

/** The scaler's last word where there is one since the walk set the count; else the walk's, unless the scaler was asked since. */
export function decidedCounts(
  counts: ReadonlyMap<string, CountSet>,
  activities: readonly Activity[],
): ReadonlyMap<string, number> {
  return new Map(
    [...counts].flatMap(([name, { count, atMs, isAsked }]) => {
      const changes = activities.filter(
        (one) =>
          one.service === name && one.outcome !== 'noticed' && one.to !== undefined && one.lastAtMs >= atMs,
      );
      const last = changes.toSorted((a, b) => a.lastAtMs - b.lastAtMs).at(-1)?.to;
      if (last !== undefined) return [[name, last] as const];
      return isAsked ? [] : [[name, count] as const];
    }),
  );
}

/** A reload leaves a worker that ends its connections; at rest there is none. */
function oldWorkers({ figures }: Observation): readonly string[] {
  return figures.flatMap(({ program, haproxies }) =>
    program === 'proxy' && haproxies !== 2 ? [`a proxy has ${haproxies} HAProxy processes, expected 2`] : [],
  );
}
