import type { Place } from '../../yaml/placed.js';

export type Severity = 'error' | 'warning' | 'info';

/** Another place, and what is to be seen there. */
export interface Related {
  readonly place: Place;
  readonly message: string;
}

/** One thing that is wrong, or worth a word, with its place. */
export interface Finding {
  /** `DF101` …: stands for one kind of mistake and never changes its meaning. */
  readonly code: string;
  readonly severity: Severity;
  /** Begins with the label and its value where it is about a value. */
  readonly message: string;
  readonly place: Place;
  readonly stack?: string;
  /** As in the file. */
  readonly service?: string;
  /** With prefix and number, as written. */
  readonly label?: string;
  /** What would be right. */
  readonly expected?: string;
  /** Other places that have to do with it. */
  readonly related?: readonly Related[];
  /** What to write instead. */
  readonly suggestion?: string;
}
