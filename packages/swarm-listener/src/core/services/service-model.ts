import type { Action, Announcement } from '../notifications/announcement.js';
import { announceService } from './announce.js';
import { checkConvergence, type Wait } from './convergence.js';
import { hasNodeInfo, type NodeInfoMode } from './node-info.js';
import type { NewestTasks, Observation } from './observation.js';
import { SCRAPE_NETWORK_LABEL } from './own-labels.js';
import { serviceIdentity, type NamingRules } from './service-parameters.js';
import type { SwarmService } from './swarm-objects.js';

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
  /** One service as it is now, `undefined` when it is gone or of no interest any more. Answers what follows. */
  observe(id: string, observation: Observation | undefined, cause: Cause, nowMs: number): readonly Action[];
  /** Whether this is news compared with what was last seen. */
  differs(id: string, service: SwarmService | undefined): boolean;
  /** What was last seen of a service, its tasks and its wait, as one text; `undefined` when it is not known. */
  fingerprint(id: string): string | undefined;
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
    // Jobs have no lasting tasks to wait for.
    if (rules.waitFor === 'none' || service.mode === 'other') return false;
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
  ): Action {
    const { always = false, removeFirst = false } = flags;
    return { kind: 'present', id, announcement: announced(service, nodeInfo), always, removeFirst };
  }

  function release(
    id: string,
    service: SwarmService,
    nodeInfo: string | undefined,
    flags: { always?: boolean; removeFirst?: boolean } = {},
  ): Action {
    entries.set(id, { released: service, nodeInfo, hold: undefined });
    return present(id, service, nodeInfo, flags);
  }

  function hold(id: string, entry: Entry, service: SwarmService, wait: Wait, always: boolean): void {
    entries.set(id, { ...entry, hold: { service, wait, always: always || (entry.hold?.always ?? false) } });
  }

  function newWait(nowMs: number, rollbackIsStable = true): Wait {
    return { startedMs: nowMs, convergedSinceMs: undefined, rollbackIsStable };
  }

  function gone(id: string): readonly Action[] {
    entries.delete(id);
    return [{ kind: 'absent', id }];
  }

  function initialSync(id: string, observation: Observation, nowMs: number): readonly Action[] {
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

  function resend(id: string, observation: Observation, nowMs: number): readonly Action[] {
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

  function compare(id: string, observation: Observation, cause: Cause, nowMs: number): readonly Action[] {
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

  /** A look at the tasks of a service that waits for them. */
  function observeWait(
    id: string,
    { service, nodeInfo: seen }: Observation,
    { tasks, nodes }: NewestTasks,
    nowMs: number,
  ): readonly Action[] {
    const entry = entries.get(id);
    const held = entry?.hold;
    if (!entry || !held) return [];
    const nodeInfo = seen ? seen.value : entry.nodeInfo;
    const verdict = checkConvergence(held.wait, service, tasks, nodes, nowMs);
    if (verdict.kind === 'converged') return [release(id, service, nodeInfo, { always: held.always })];
    const isLate =
      rules.convergenceTimeoutMs > 0 && nowMs - held.wait.startedMs >= rules.convergenceTimeoutMs;
    if (isLate)
      return [
        { kind: 'convergence timeout', name: service.name },
        release(id, service, nodeInfo, { always: held.always }),
      ];
    const known = entry.released === undefined ? [] : [present(id, entry.released, nodeInfo)];
    if (verdict.kind === 'failed') {
      entries.set(id, { ...entry, nodeInfo, hold: undefined });
      return [...known, { kind: 'not converged', name: service.name, reason: verdict.reason }];
    }
    entries.set(id, { ...entry, nodeInfo, hold: { ...held, service, wait: verdict.wait } });
    return known;
  }

  /** A comparison that has seen the tasks as well: the wait goes on, or starts over when the service has changed. */
  function compareWaiting(
    id: string,
    observation: Observation,
    tasks: NewestTasks,
    nowMs: number,
  ): readonly Action[] {
    const before = entries.get(id)?.hold;
    if (!before) return compare(id, observation, 'compare', nowMs);
    const { service } = observation;
    const changed = identityOf(before.service) !== identityOf(service);
    const actions = changed || !mustWait(service) ? compare(id, observation, 'compare', nowMs) : [];
    return entries.get(id)?.hold ? observeWait(id, observation, tasks, nowMs) : actions;
  }

  return {
    observe(id, observation, cause, nowMs) {
      if (!observation) return gone(id);
      if (cause === 'initialSync') return initialSync(id, observation, nowMs);
      if (cause === 'resend') return resend(id, observation, nowMs);
      if (cause === 'compare' && observation.newestTasks)
        return compareWaiting(id, observation, observation.newestTasks, nowMs);
      return compare(id, observation, cause, nowMs);
    },
    differs(id, service) {
      const seen = newest(id);
      return service === undefined || seen === undefined
        ? service !== seen
        : identityOf(seen) !== identityOf(service);
    },
    fingerprint(id) {
      const service = newest(id);
      const entry = entries.get(id);
      return service && entry && [identityOf(service), entry.nodeInfo, entry.hold !== undefined].join('\n');
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
