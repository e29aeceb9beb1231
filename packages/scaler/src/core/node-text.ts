import type { CountChange } from './scaling/count-change.js';

/** The answer to a node request, in the words of the original. */
export function describeNodeChange(
  role: string,
  backend: string,
  current: number,
  change: CountChange,
): string {
  if (change.kind === 'change') {
    return `Changing the number of ${role} nodes on ${backend} from ${change.from} to ${change.to}`;
  }
  if (change.kind === 'same') return `There are ${current} ${role} nodes already`;
  return change.bound === 'max'
    ? `${role} nodes are already scaled to the maximum number of ${current} nodes`
    : `${role} nodes are already descaled to the minimum number of ${current} nodes`;
}

/** What a wait for nodes is for. */
export interface NodeWait {
  readonly role: string;
  readonly from: number;
  readonly to: number;
}

/** After scaling up at least the target is enough, after scaling down at most the target. */
export function isWaitOver({ from, to }: NodeWait, readyNodes: number): boolean {
  return to >= from ? readyNodes >= to : readyNodes <= to;
}

export function describeWaitStart({ role, from, to }: NodeWait): string {
  return `Waiting for ${role} nodes to scale from ${from} to ${to} for rescheduling`;
}

export function describeWaiting({ role, to }: NodeWait, waitedMs: number): string {
  return `Waited ${Math.round(waitedMs / 1_000)} seconds for a total of ${to} ${role} nodes to come online`;
}

export function describeWaitTimeout({ role, to }: NodeWait, timeoutMs: number): string {
  return `Timeout: waited ${(timeoutMs / 1_000).toFixed(6)} seconds for ${to} ${role} nodes to activate`;
}

export function describeWaitEnd({ role, to }: NodeWait, rescheduled: string): string {
  return `${to} ${role} nodes are up, ${rescheduled}`;
}

export const WAIT_REPLACED = 'Rescheduling is canceled by another rescheduler';
export const WAIT_STOPPED = 'Rescheduling is canceled because the scaler is stopping';
