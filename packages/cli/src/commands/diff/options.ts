import type { CommonOptions, StackOptions } from '../stack-options.js';

/** What the command line says, as commander gives it. */
export interface DiffOptions extends StackOptions, CommonOptions {
  readonly base: readonly string[];
  readonly against?: string;
  readonly format: 'text' | 'json';
}
