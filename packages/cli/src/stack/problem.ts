import type { Place } from '../yaml/placed.js';

/** What is wrong with a file or a service before any label is read; becomes a finding. */
export interface StackProblem {
  readonly code:
    'DF001' | 'DF002' | 'DF003' | 'DF004' | 'DF107' | 'DF505' | 'DF506' | 'DF507' | 'DF508' | 'DF509';
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly place: Place;
  readonly service?: string;
  /** With prefix and number, as written. */
  readonly label?: string;
  readonly suggestion?: string;
  readonly expected?: string;
}
