import type { Issue } from '@docker-flow/labels';

/** What the program holds, and what of services' labels is written and not in force. */
export interface Status {
  readonly version: string;
  readonly services: {
    /** Announced. */
    readonly known: number;
    /** Waiting for their tasks before they are announced. */
    readonly waiting: number;
    /** Their tasks are looked at several times a second. */
    readonly converging: number;
  };
  readonly nodes: { readonly known: number };
  readonly warnings: readonly Issue[];
}
