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
}

/** What happened before: the scaler's last change of this service, and the last answer to the same alert group. */
export interface DecisionHistory {
  readonly lastChangeAtMs: number | undefined;
  readonly groupDecidedAtMs: number | undefined;
}

/** Why nothing is done. */
export type Hold =
  | { readonly why: 'at-bound'; readonly bound: 'min' | 'max' }
  | { readonly why: 'same' }
  | { readonly why: 'repeated'; readonly agoMs: number; readonly windowMs: number }
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
  /** How long posts of one alert group count as one; 0 switches it off. */
  readonly groupWindowMs: number;
  readonly nowMs: number;
}

/** Chooses the replica count after one request, or says why it stays. */
export function decideReplicas(input: DecisionInput): Decision {
  const { request, service, policy, history, groupWindowMs, nowMs } = input;
  const asked = request.kind === 'step' ? request.direction : undefined;
  function hold(reason: Hold, direction: Direction | undefined = asked): Decision {
    return { kind: 'hold', replicas: service.replicas, direction, hold: reason };
  }

  const groupAgeMs = ageMs(history.groupDecidedAtMs, nowMs);
  if (groupAgeMs !== undefined && groupAgeMs < groupWindowMs) {
    return hold({ why: 'repeated', agoMs: groupAgeMs, windowMs: groupWindowMs });
  }
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
  return { kind: 'scale', direction, from: change.from, to: change.to, pinnedBy: change.pinnedBy };
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

/** The distance in time, so that a clock that was set back holds a service no longer than the window either. */
function ageMs(atMs: number | undefined, nowMs: number): number | undefined {
  return atMs === undefined ? undefined : Math.abs(nowMs - atMs);
}
