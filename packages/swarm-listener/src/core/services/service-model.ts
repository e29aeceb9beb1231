import { announceService, type Announcement } from './announcement.js';
import { judge, type Wait } from './convergence.js';
import { isOfInterest } from './interest.js';
import { hasNodeInfo, SCRAPE_NETWORK_LABEL, type NodeInfoMode } from './node-info.js';
import { serviceIdentity, type NamingRules } from './service-parameters.js';
import type { NodesById, SwarmService, SwarmTask } from './swarm-objects.js';

export interface ServiceRules extends NamingRules {
  /** Which services are announced only when all their tasks run. */
  readonly waitFor: 'scrapeNetwork' | 'all' | 'none';
  /** Announce at once as well. */
  readonly immediately: boolean;
  readonly nodeInfo: NodeInfoMode;
  /** After so long a service is announced as it is; 0: never. */
  readonly convergenceTimeoutMs: number;
}

/**
 * Why we look: `initialSync` at start and after a node has gone, `event`, `compare` for lists of everything
 * that send differences only, `resend` when everything is to be sent again.
 */
export type Cause = 'initialSync' | 'event' | 'compare' | 'resend';

/** What Docker shows of one service at one moment. */
export interface Observation {
  readonly service: SwarmService;
  /** Whether any task serves; absent: not looked at, and nothing is taken away because of it. */
  readonly serving?: boolean;
  /** Absent: not looked at. */
  readonly nodeInfo?: { readonly value: string | undefined };
}

export type ServiceAction =
  | {
      readonly kind: 'present';
      readonly id: string;
      readonly announcement: Announcement;
      /** Also to receivers that know it already. */
      readonly always: boolean;
      /** Nothing of it serves: send a remove before. */
      readonly removeFirst: boolean;
    }
  | { readonly kind: 'absent'; readonly id: string; readonly announcement?: Announcement }
  | { readonly kind: 'not converged'; readonly service: SwarmService; readonly reason: string }
  | { readonly kind: 'convergence timeout'; readonly service: SwarmService };

/** The tasks of one service that is waited for. */
export interface Tasks {
  /** Of the newest version, wanted running or accepted. */
  readonly upToDate: readonly SwarmTask[];
  readonly nodes: NodesById;
}

interface Hold {
  readonly service: SwarmService;
  readonly wait: Wait;
  readonly always: boolean;
}

interface Entry {
  /** The newest state that receivers may know. */
  readonly released: SwarmService | undefined;
  readonly nodeInfo: string | undefined;
  /** A newer state that waits for its tasks. */
  readonly hold: Hold | undefined;
}

export interface ServiceModel {
  /** One service as it is now, `undefined` when it is gone. Answers what receivers shall be told. */
  observe(
    id: string,
    observation: Observation | undefined,
    cause: Cause,
    nowMs: number,
  ): readonly ServiceAction[];
  /** A look at a service that waits for its tasks; without a wait it is a comparison. */
  observeWaiting(id: string, observation: Observation, tasks: Tasks, nowMs: number): readonly ServiceAction[];
  /** Whether this is news compared with what was last seen. */
  differs(id: string, service: SwarmService): boolean;
  isWaiting(id: string): boolean;
  /** How many services wait for their tasks. */
  waiting(): number;
  ids(): Iterable<string>;
  hasNodeInfo(id: string): boolean;
  /** What was last seen of the tasks of a service. */
  nodeInfo(id: string): string | undefined;
  service(id: string): SwarmService | undefined;
}

/** Decides, from what Docker shows, what receivers shall know of each service. No clock, no I/O. */
export function createServiceModel(rules: ServiceRules): ServiceModel {
  const entries = new Map<string, Entry>();

  const identities = new WeakMap<SwarmService, string>();

  function identityOf(service: SwarmService): string {
    let identity = identities.get(service);
    if (identity === undefined) {
      identity = serviceIdentity(service, rules);
      identities.set(service, identity);
    }
    return identity;
  }

  function newest(id: string): SwarmService | undefined {
    const entry = entries.get(id);
    return entry?.hold?.service ?? entry?.released;
  }

  function mustWait(service: SwarmService): boolean {
    if (rules.waitFor === 'none') return false;
    return rules.waitFor === 'all' || Object.hasOwn(service.labels, SCRAPE_NETWORK_LABEL);
  }

  function announced(service: SwarmService, nodeInfo: string | undefined): Announcement {
    const info = hasNodeInfo(service, rules.nodeInfo) ? nodeInfo : undefined;
    return announceService(service, rules, identityOf(service), info);
  }

  function present(
    id: string,
    service: SwarmService,
    nodeInfo: string | undefined,
    flags: { always?: boolean; removeFirst?: boolean } = {},
  ): ServiceAction {
    const { always = false, removeFirst = false } = flags;
    return { kind: 'present', id, announcement: announced(service, nodeInfo), always, removeFirst };
  }

  function release(
    id: string,
    service: SwarmService,
    nodeInfo: string | undefined,
    flags: { always?: boolean; removeFirst?: boolean } = {},
  ): ServiceAction {
    entries.set(id, { released: service, nodeInfo, hold: undefined });
    return present(id, service, nodeInfo, flags);
  }

  function hold(id: string, entry: Entry, service: SwarmService, wait: Wait, always: boolean): void {
    entries.set(id, { ...entry, hold: { service, wait, always: always || (entry.hold?.always ?? false) } });
  }

  function newWait(nowMs: number, rollbackIsStable = true): Wait {
    return { startedMs: nowMs, convergedSinceMs: undefined, rollbackIsStable };
  }

  function gone(id: string): readonly ServiceAction[] {
    entries.delete(id);
    return [{ kind: 'absent', id }];
  }

  function initialSync(id: string, observation: Observation, nowMs: number): readonly ServiceAction[] {
    const { service } = observation;
    const nodeInfo = observation.nodeInfo?.value;
    const known = entries.get(id)?.released !== undefined;
    // Not knowing whether anything runs is no reason to take a service away.
    const unknown = observation.serving === undefined;
    if (observation.serving === true || (unknown && (known || !mustWait(service))))
      return [release(id, service, nodeInfo, { always: known })];
    if (!mustWait(service)) return [release(id, service, nodeInfo, { always: known, removeFirst: true })];
    const empty: Entry = { released: undefined, nodeInfo: undefined, hold: undefined };
    hold(id, empty, service, newWait(nowMs), false);
    return unknown ? [] : [{ kind: 'absent', id, announcement: announced(service, undefined) }];
  }

  function resend(id: string, observation: Observation, nowMs: number): readonly ServiceAction[] {
    const { service } = observation;
    const entry = entries.get(id);
    const nodeInfo = observation.nodeInfo ? observation.nodeInfo.value : entry?.nodeInfo;
    if (!mustWait(service)) return [release(id, service, nodeInfo, { always: true })];
    const before = entry ?? { released: undefined, nodeInfo, hold: undefined };
    if (rules.immediately) {
      const now = release(id, service, nodeInfo, { always: true });
      hold(id, { released: service, nodeInfo, hold: undefined }, service, newWait(nowMs), true);
      return [now];
    }
    hold(id, { ...before, nodeInfo }, service, newWait(nowMs), true);
    return [];
  }

  function compare(
    id: string,
    observation: Observation,
    cause: Cause,
    nowMs: number,
  ): readonly ServiceAction[] {
    const { service } = observation;
    const entry = entries.get(id) ?? { released: undefined, nodeInfo: undefined, hold: undefined };
    const nodeInfo = observation.nodeInfo ? observation.nodeInfo.value : entry.nodeInfo;
    const { released } = entry;
    const identity = identityOf(service);
    const same = released !== undefined && identityOf(released) === identity;
    if (same && !entry.hold?.always) return [release(id, service, nodeInfo)];
    if (!mustWait(service)) return [release(id, service, nodeInfo, { always: entry.hold?.always ?? false })];
    // Documented as two announcements; what the second adds comes with the tasks (section 9.4).
    if (rules.immediately && !same)
      return [release(id, service, released === undefined ? undefined : nodeInfo)];
    const held = entry.hold;
    const restart = cause === 'event' || held === undefined || identityOf(held.service) !== identity;
    // A list must not bring back a wait that has failed and cannot succeed as things are.
    const hopeless = held === undefined && cause !== 'event' && isPaused(service);
    const stable = cause !== 'event' || (held?.always ?? false);
    if (hopeless) entries.set(id, { ...entry, nodeInfo });
    else hold(id, { ...entry, nodeInfo }, service, restart ? newWait(nowMs, stable) : held.wait, false);
    return released === undefined ? [] : [present(id, released, nodeInfo)];
  }

  function observe(
    id: string,
    observation: Observation | undefined,
    cause: Cause,
    nowMs: number,
  ): readonly ServiceAction[] {
    if (!observation || !isOfInterest(observation.service.labels, rules.notify)) return gone(id);
    if (cause === 'initialSync') return initialSync(id, observation, nowMs);
    if (cause === 'resend') return resend(id, observation, nowMs);
    return compare(id, observation, cause, nowMs);
  }

  return {
    observe,
    observeWaiting(id, observation, tasks, nowMs) {
      const { service } = observation;
      const before = entries.get(id)?.hold;
      if (!before || !isOfInterest(service.labels, rules.notify))
        return observe(id, observation, 'compare', nowMs);
      // The service may have changed since: then its wait starts over.
      const changed = identityOf(before.service) !== identityOf(service);
      const actions = changed || !mustWait(service) ? compare(id, observation, 'compare', nowMs) : [];
      const entry = entries.get(id);
      const held = entry?.hold;
      if (!entry || !held) return actions;
      const nodeInfo = observation.nodeInfo ? observation.nodeInfo.value : entry.nodeInfo;
      const verdict = judge(held.wait, service, tasks.upToDate, tasks.nodes, nowMs);
      if (verdict.kind === 'converged') return [release(id, service, nodeInfo, { always: held.always })];
      const late =
        rules.convergenceTimeoutMs > 0 && nowMs - held.wait.startedMs >= rules.convergenceTimeoutMs;
      if (late)
        return [
          { kind: 'convergence timeout', service },
          release(id, service, nodeInfo, { always: held.always }),
        ];
      const told = entry.released === undefined ? [] : [present(id, entry.released, nodeInfo)];
      if (verdict.kind === 'failed') {
        entries.set(id, { ...entry, nodeInfo, hold: undefined });
        return [...told, { kind: 'not converged', service, reason: verdict.reason }];
      }
      entries.set(id, { ...entry, nodeInfo, hold: { ...held, service, wait: verdict.wait } });
      return told;
    },
    differs(id, service) {
      const seen = newest(id);
      return seen === undefined || identityOf(seen) !== identityOf(service);
    },
    isWaiting: (id) => entries.get(id)?.hold !== undefined,
    waiting() {
      let count = 0;
      for (const entry of entries.values()) if (entry.hold) count += 1;
      return count;
    },
    ids: () => entries.keys(),
    hasNodeInfo(id) {
      const service = newest(id);
      return service !== undefined && hasNodeInfo(service, rules.nodeInfo);
    },
    nodeInfo: (id) => entries.get(id)?.nodeInfo,
    service: newest,
  };
}

function isPaused(service: SwarmService): boolean {
  return service.updateState === 'paused' || service.updateState === 'rollback_paused';
}
