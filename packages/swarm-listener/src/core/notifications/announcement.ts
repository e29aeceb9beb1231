import type { Parameters } from '@docker-flow/labels';

/** What receivers shall know of one service or node. */
export interface Announcement {
  /** What receivers call it: two announcements with one name are about the same thing to them. */
  readonly name: string;
  /** Equal when nothing that counts has changed. */
  readonly revision: string;
  readonly create: Parameters;
  /** For the day it goes. */
  readonly remove: Parameters;
  /** Docker's name of a service from whose name the stack was cut off; absent: the name is its own. */
  readonly shortenedFrom?: string;
  /** The label `com.df.notifyService`. */
  readonly notifyService: string | undefined;
}

/** What follows from an observation: what receivers shall know, or what the log shall say. */
export type Action =
  | {
      readonly kind: 'present';
      readonly id: string;
      readonly announcement: Announcement;
      /** Also to receivers that know it already. */
      readonly always?: boolean;
      /** Nothing of it serves: send a remove before. */
      readonly removeFirst?: boolean;
    }
  /** `announcement`: what it looks like, for receivers that may know it from earlier times. */
  | { readonly kind: 'absent'; readonly id: string; readonly announcement?: Announcement }
  | { readonly kind: 'not converged'; readonly name: string; readonly reason: string }
  | { readonly kind: 'convergence timeout'; readonly name: string };
