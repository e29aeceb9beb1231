import type { BatchQuery } from '../shortcuts/target-shortcuts.js';

/** Where the numbers of one metric come from. */
export interface MetricSource {
  /** `m1`, as formulas name it. */
  readonly metric: string;
  /** As the label has it, for people. */
  readonly on: string;
  /** One query for all services that use the shortcut, or one of its own. */
  readonly query:
    | ({ readonly kind: 'batch' } & BatchQuery)
    | { readonly kind: 'own'; readonly expression: string; readonly per: 'service' | 'task' };
}
