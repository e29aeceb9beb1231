import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { afterWrite, decide, type Decision } from '../core/autoscaling/decide.js';
import type { TargetPlan } from '../core/autoscaling/labels/plan-of-labels.js';
import { conditionsAfter, type Condition, type Obstacle } from '../core/autoscaling/look/conditions.js';
import { explainDecision } from '../core/autoscaling/look/explain.js';
import { observe, updateOf } from '../core/autoscaling/look/observe.js';
import { buildTargetView, type LookedAt, type TargetView } from '../core/autoscaling/look/target-view.js';
import type { Memory } from '../core/autoscaling/memory.js';
import type { Observation } from '../core/autoscaling/observation.js';
import type { MetricsServer, Swarm, SwarmService, SwarmTask } from '../ports.js';
import { createTargetReports } from '../report/report-target.js';
import type { Reporters } from '../report/reporters.js';
import { changeReplicas, type ChangeReplicasDeps } from '../services/change-replicas.js';
import { namesOf } from '../services/find-by-short-name.js';
import type { ServiceList } from '../services/service-list.js';
import { ScaleError } from '../services/write-replicas.js';
import { askMetrics } from './ask-metrics.js';
import { firstMemory } from './first-memory.js';
import { createLookTimes } from './look-times.js';

export interface AutoscalerOptions {
  /** The longest time between two looks. */
  readonly intervalMs: number;
}

export interface AutoscalerDeps {
  readonly swarm: Swarm;
  readonly list: ServiceList;
  /** Absent: `PROMETHEUS_URL` is not set, and every metric fails. */
  readonly metricsServer: MetricsServer | undefined;
  readonly changing: ChangeReplicasDeps;
  readonly reporters: Reporters;
  /** Milliseconds of the clock on the wall. */
  readonly now: () => number;
}

/** Scales services on targets: looks at all of them every few seconds. */
export interface Autoscaler {
  readonly actor: Actor;
  /** One look at all services; what goes wrong is told, not thrown. */
  look(): Promise<void>;
  viewOf(id: string): TargetView | undefined;
  status(): AutoscalerStatus;
}

export interface AutoscalerStatus {
  readonly prometheus: string | undefined;
  readonly intervalSeconds: number;
  /** Services that are scaled on targets. */
  readonly services: number;
  /** Queries of the last look. */
  readonly queries: number;
  readonly lastLook: string | undefined;
  readonly nextLook: string | undefined;
  /** Why the last look failed, or one of its queries. */
  readonly problem: string | undefined;
}

/** Of the time between two looks, so much may pass until the answers of Prometheus are there. */
const SHARE_FOR_QUERIES = 0.8;
/** A count is never written on what is older, whatever Docker was doing meanwhile. */
const OLDEST_LOOKS = 2;
/** Above that many services Docker is asked for the tasks of all, since the filter would not fit into an address. */
const MOST_FILTERED = 50;

export function createAutoscaler({ intervalMs }: AutoscalerOptions, deps: AutoscalerDeps): Autoscaler {
  const { swarm, list, metricsServer, changing, reporters, now } = deps;
  const { state, metrics, logger } = reporters;
  const startedAtMs = now();
  const looked = new Map<string, LookedAt>();
  const reports = createTargetReports(reporters);
  const times = createLookTimes(intervalMs, { server: metricsServer, now });
  let status: Pick<AutoscalerStatus, 'services' | 'queries' | 'problem'> & {
    readonly atMs: number | undefined;
  } = {
    services: 0,
    queries: 0,
    problem: undefined,
    atMs: undefined,
  };

  async function look(): Promise<void> {
    const atMs = now();
    try {
      await lookAtAll(atMs);
    } catch (error) {
      const problem = messageOf(error);
      if (status.problem !== problem)
        logger.warn('A look at the services failed, their counts stay', { reason: problem });
      status = { ...status, problem, atMs };
      metrics.look(false, now() - atMs);
    }
  }

  async function lookAtAll(atMs: number): Promise<void> {
    const targets = (await list.refresh()).flatMap((service) => {
      const { plan, policy } = list.policyOf(service);
      return plan ? [{ service, plan, paused: policy.paused.value }] : [];
    });
    forgetOthers(new Set(targets.map(({ service }) => service.id)));
    if (targets.length === 0) {
      status = { services: 0, queries: 0, problem: undefined, atMs };
      return;
    }
    const ids = targets.map(({ service }) => service.id);
    const plans = targets.map(({ plan }) => plan);
    const timeoutMs = intervalMs * SHARE_FOR_QUERIES;
    const [tasks, results] = await Promise.all([
      swarm.listTasks(ids.length <= MOST_FILTERED ? ids : undefined).then(byService),
      askMetrics(plans, metricsServer, timeoutMs, now),
    ]);
    const isOutage = results.queries > 0 && results.failures.length === results.queries;
    reports.reportOutage(isOutage ? results.failures[0] : undefined);
    await Promise.all(
      targets.map(({ service, plan, paused }) => {
        const observed = {
          names: namesOf(service),
          replicas: service.replicas ?? 0,
          mode: service.mode,
          updateState: service.updateState,
          failureAction: service.failureAction,
          paused,
        };
        const observation = observe(plan, observed, tasks.get(service.id) ?? [], results, atMs);
        return decideOne({ service, plan, observation, atMs, isEverybodys: isOutage });
      }),
    );
    const [problem] = results.failures;
    if (problem !== undefined && !isOutage && status.problem !== problem)
      logger.warn('A query failed', { reason: problem });
    status = { services: targets.length, queries: results.queries, problem, atMs };
    metrics.look(problem === undefined, now() - atMs);
    // Last, so that no count waits for it.
    if (!isOutage) await times.ask(plans, atMs, timeoutMs);
  }

  interface One {
    readonly service: SwarmService;
    readonly plan: TargetPlan;
    readonly observation: Observation;
    readonly atMs: number;
    /** Not one query was answered. */
    readonly isEverybodys: boolean;
  }

  async function decideOne(one: One): Promise<void> {
    const { service, plan, observation, atMs } = one;
    const before =
      state.targetMemoryOf(service.id) ??
      firstMemory({ ...service, replicas: service.replicas ?? 0 }, state.memoryOf(service.id), {
        startedAtMs,
        nowMs: atMs,
      });
    if (isForeignCount(service)) {
      note(one, decide(plan.policy, before, observation), {
        reason: 'ForeignCount',
        message: 'somebody else has just set the count; it is not known yet whether a deploy has reset it',
      });
      return;
    }
    const decision = decide(plan.policy, before, observation);
    if (decision.desired === service.replicas) {
      state.rememberTarget(service.id, decision.memory);
      note(one, decision, undefined);
      return;
    }
    await writeOne(one, before, decision);
  }

  /** The checks that follow every change find out whether a deploy has reset the count, and put it back then. */
  function isForeignCount({ id, replicas }: SwarmService): boolean {
    const inForce = state.memoryOf(id)?.inForce?.replicas;
    return inForce !== undefined && inForce !== replicas;
  }

  async function writeOne(one: One, before: Memory, planned: Decision): Promise<void> {
    const { service, plan, observation, atMs } = one;
    let decision = planned;
    let written: { readonly from: number; readonly to: number } | undefined;
    let obstacle: Obstacle | undefined;
    try {
      written = await changeReplicas(
        {
          service: service.id,
          restoreBefore: undefined,
          decide(read) {
            if (now() - atMs > OLDEST_LOOKS * intervalMs) {
              obstacle = {
                reason: 'TooLate',
                message: 'Docker took so long that the look is too old to act on',
              };
              return { result: undefined };
            }
            const { replicas } = read;
            if (replicas === undefined || read.mode !== 'replicated' || isForeignCount(read))
              return { result: undefined };
            decision = decide(plan.policy, before, {
              ...observation,
              current: replicas,
              update: updateOf(read),
            });
            const { desired: to } = decision;
            if (to === replicas) return { result: undefined };
            const reason = explainDecision(decision, plan.policy, plan.sources);
            return { result: { from: replicas, to }, write: { from: replicas, to, reason } };
          },
        },
        changing,
      );
    } catch (error) {
      if (!(error instanceof ScaleError)) throw error;
      obstacle = { reason: 'FailedUpdate', message: error.message };
    }
    const memory = written ? afterWrite(decision, written.from, atMs / 1_000) : decision.memory;
    state.rememberTarget(service.id, memory);
    note(one, decision, obstacle, written);
  }

  function note(
    { service, plan, atMs, isEverybodys }: One,
    decision: Decision,
    obstacle: Obstacle | undefined,
    written?: { readonly from: number; readonly to: number },
  ): void {
    const earlier: readonly Condition[] = looked.get(service.id)?.conditions ?? [];
    const conditions = conditionsAfter(earlier, decision, obstacle, atMs);
    const explanation = explainDecision(decision, plan.policy, plan.sources);
    looked.set(service.id, { plan, decision, explanation, conditions, atMs });
    metrics.target(service.name, { metrics: decision.metrics, conditions, bounds: decision.bounds });
    reports.report({ service, decision, explanation, conditions, earlier, written, obstacle, isEverybodys });
  }

  function forgetOthers(ids: ReadonlySet<string>): void {
    for (const id of looked.keys()) if (!ids.has(id)) looked.delete(id);
    reports.keepOnly(ids);
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!isAborted(signal)) {
      const begunAtMs = now();
      await look();
      await sleep(Math.max(0, times.nextAfter(begunAtMs) - now()), signal);
    }
  }

  return {
    actor: { name: 'autoscaler', run },
    look,
    viewOf(id) {
      const one = looked.get(id);
      return one && buildTargetView(one, times.nextAfter(one.atMs));
    },
    status: () => ({
      prometheus: metricsServer?.address,
      intervalSeconds: intervalMs / 1_000,
      services: status.services,
      queries: status.queries,
      lastLook: status.atMs === undefined ? undefined : new Date(status.atMs).toISOString(),
      nextLook: status.atMs === undefined ? undefined : new Date(times.nextAfter(status.atMs)).toISOString(),
      problem: status.problem,
    }),
  };
}

function byService(tasks: readonly SwarmTask[]): ReadonlyMap<string, readonly SwarmTask[]> {
  const services = new Map<string, SwarmTask[]>();
  for (const task of tasks) {
    const known = services.get(task.serviceId);
    if (known) known.push(task);
    else services.set(task.serviceId, [task]);
  }
  return services;
}
