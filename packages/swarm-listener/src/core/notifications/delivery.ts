import type { Issue, Parameters } from '@docker-flow/labels';
import type { Receiver } from './receivers.js';

/** One thing to be told to one receiver. */
export interface Delivery {
  /** The service or node. */
  readonly objectId: string;
  /** What receivers call it. */
  readonly name: string;
  readonly receiver: Receiver;
  readonly parameters: Parameters;
  readonly revision: string;
  /** Told after the first attempt at these has ended: what happens at one host happens in order. */
  readonly after: readonly Delivery[];
  /** Said only for the moment before something else is said: one attempt is enough. */
  readonly singleAttempt: boolean;
}

/**
 * `rejected`: the receiver does not want it and need not be asked again. `given up`: it has not heard of it
 * and shall, at the next comparison. `cancelled`: something newer took its place.
 */
export type Outcome = 'delivered' | 'rejected' | 'given up' | 'cancelled';

/** What is to be done now. Cancelled deliveries end now; one that is under way may still be heard, before what is newer. */
export interface Orders {
  readonly cancel: readonly Delivery[];
  /** Those end when an attempt under way has ended, however long that takes. */
  readonly finish: readonly Delivery[];
  readonly start: readonly Delivery[];
  /** Names that two services want, as far as that is new. */
  readonly nameIssues: readonly Issue[];
}
