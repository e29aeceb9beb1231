import type { Cause } from '../core/services/service-model.js';

/** Why everything is compared. */
export type CompareCause = Exclude<Cause, 'event'>;

const STRENGTH: Readonly<Record<CompareCause, number>> = { compare: 0, resend: 1, initialSync: 2 };

/** The cause that includes the other one. */
export function strongerCause(one: CompareCause | undefined, other: CompareCause): CompareCause {
  return one !== undefined && STRENGTH[one] > STRENGTH[other] ? one : other;
}
