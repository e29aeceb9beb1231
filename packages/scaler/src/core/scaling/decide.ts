import type { GroupVerdict } from './alert-group.js';
import { changeCount } from './count-change.js';
import type { ScalePolicy } from './scale-policy.js';
import type { Direction, ScaleRequest } from './scale-request.js';

/** States of `UpdateStatus` in which Swarm is replacing tasks, or has stopped half-way. */
const MOVING = new Set(['updating', 'rollback_started']);
const HALTED = new Set(['paused', 'rollback_paused']);

/** What a decision needs to know of a service, read just before. */
export interface ServiceState {
  readonly replicas: number;
  /** `UpdateStatus.State` of the service; absent when nothing was ever rolled out. */
  readonly updateState: string | undefined;
  /** It has no replicas because somebody stopped it, not because the scaler went down to 0. */
  readonly stoppedByHand: boolean;
  /** Tasks that wait because no node can take them; absent when there are none, or nobody could tell. */
  readonly unplaced?: UnplacedTasks | undefined;
}

/** Tasks that no node can take, and why in Docker's words. */
export interface UnplacedTasks {
  readonly tasks: number;
  readonly reason: string;
}

/** What happened before. */
export interface DecisionHistory {
  /** The scaler's last change of this service. */
  readonly lastChangeAtMs: number | undefined;
  /** What the post of an alert group is, held against the posts before it. */
  readonly post: JudgedPost | undefined;
}

export interface JudgedPost {
  readonly verdict: GroupVerdict;
  /** How long ago the group was decided; 0 when it never was. */
  readonly agoMs: number;
  /** How long posts of one group count as one. */
  readonly windowMs: number;
}

/** Why nothing is done. */
export type Hold =
  | { readonly why: 'at-bound'; readonly bound: 'min' | 'max' }
  | { readonly why: 'same' }
  | { readonly why: 'repeated'; readonly agoMs: number; readonly windowMs: number }
  | { readonly why: 'copy'; readonly agoMs: number }
  | { readonly why: 'subset' }
  | { readonly why: 'unplaced'; readonly tasks: number; readonly reason: string }
  | { readonly why: 'paused' }
  | { readonly why: 'stopped' }
  | { readonly why: 'cool-down'; readonly agoMs: number; readonly remainingMs: number }
  | { readonly why: 'updating'; readonly state: string };

export type Decision =
  | {
      readonly kind: 'scale';
      readonly direction: Direction;
      readonly from: number;
      readonly to: number;
      readonly pinnedBy: 'min' | 'max' | undefined;
    }
  | {
      readonly kind: 'hold';
      readonly replicas: number;
      readonly direction: Direction | undefined;
      readonly hold: Hold;
    };

export interface DecisionInput {
  readonly request: ScaleRequest;
  readonly service: ServiceState;
  readonly policy: ScalePolicy;
  readonly history: DecisionHistory;
  readonly nowMs: number;
}

/** Chooses the replica count after one request, or says why it stays. */
export function decideReplicas(input: DecisionInput): Decision {
  const { request, service, policy, history, nowMs } = input;
  const asked = request.kind === 'step' ? request.direction : undefined;
  function hold(reason: Hold, direction: Direction | undefined = asked): Decision {
    return { kind: 'hold', replicas: service.replicas, direction, hold: reason };
  }

  const told = holdOfPost(history.post);
  if (told) return hold(told);
  if (policy.paused.value) return hold({ why: 'paused' });
  if (service.stoppedByHand && asked === 'up') return hold({ why: 'stopped' });

  const change = changeCount(service.replicas, request, policy);
  if (change.kind === 'same') return hold({ why: 'same' });
  if (change.kind === 'at-bound') return hold({ why: 'at-bound', bound: change.bound }, change.direction);

  const { direction } = change;
  const cooldownMs = (direction === 'up' ? policy.upCooldownMs : policy.downCooldownMs).value;
  const changeAgeMs = ageMs(history.lastChangeAtMs, nowMs);
  if (changeAgeMs !== undefined && changeAgeMs < cooldownMs) {
    return hold({ why: 'cool-down', agoMs: changeAgeMs, remainingMs: cooldownMs - changeAgeMs }, direction);
  }
  if (updateForbids(direction, service.updateState)) {
    return hold({ why: 'updating', state: service.updateState ?? '' }, direction);
  }
  if (asked === 'up' && service.unplaced) return hold({ why: 'unplaced', ...service.unplaced });
  return { kind: 'scale', direction, from: change.from, to: change.to, pinnedBy: change.pinnedBy };
}

/** Why a post of an alert group asks for nothing, if it says nothing new. */
function holdOfPost(post: JudgedPost | undefined): Hold | undefined {
  switch (post?.verdict) {
    case 'repeated':
      return { why: 'repeated', agoMs: post.agoMs, windowMs: post.windowMs };
    case 'copy':
      return { why: 'copy', agoMs: post.agoMs };
    case 'subset':
      return { why: 'subset' };
    case 'news':
    case undefined:
      return undefined;
  }
}

/** During a rollout only more replicas are safe; a halted rollout waits for a person and is not touched at all. */
export function updateForbids(direction: Direction, updateState: string | undefined): boolean {
  if (updateState === undefined) return false;
  return HALTED.has(updateState) || (direction === 'down' && MOVING.has(updateState));
}

/** Whether tasks are being replaced, or the rollout stands still half-way. */
export function isRollingOut(updateState: string | undefined): boolean {
  return updateState !== undefined && (MOVING.has(updateState) || HALTED.has(updateState));
}

/** Whether the rollout stands still until a person goes on with it, because a task failed. */
export function isHalted(updateState: string | undefined): boolean {
  return updateState !== undefined && HALTED.has(updateState);
}

/** The distance in time, so that a clock that was set back holds a service no longer than the window either. */
function ageMs(atMs: number | undefined, nowMs: number): number | undefined {
  return atMs === undefined ? undefined : Math.abs(nowMs - atMs);
}
