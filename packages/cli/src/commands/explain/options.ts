import type { StackOptions } from '../stack-options.js';

/** What the command line says, as commander gives it. */
export interface ExplainOptions extends StackOptions {
  readonly url?: string;
  readonly header: readonly string[];
  readonly port?: string;
  readonly service?: string;
  readonly against?: string;
  readonly format: 'text' | 'json';
}
