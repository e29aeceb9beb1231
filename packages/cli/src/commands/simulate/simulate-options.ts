import type { StackOptions } from '../stack-options.js';

/** What the command line says, as commander gives it. */
export interface SimulateOptions extends StackOptions {
  readonly batch?: true;
  readonly policy?: string;
  readonly service?: string;
  readonly trace?: string;
  readonly prometheus?: string;
  readonly from?: string;
  readonly to?: string;
  readonly step: string;
  readonly request: readonly string[];
  readonly follow?: true;
  readonly format: 'text' | 'json' | 'jsonl' | 'csv';
}
