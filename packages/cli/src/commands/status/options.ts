import type { CommonOptions, StackOptions } from '../stack-options.js';

/** What the command line says, as commander gives it. */
export interface StatusOptions extends StackOptions, CommonOptions {
  readonly listener?: string;
  readonly proxy?: string;
  readonly monitor?: string;
  readonly prometheus?: string;
  readonly scaler?: string;
  readonly wait?: string;
  readonly interval: string;
  readonly format: 'text' | 'json';
}
