import type { CommonOptions, StackOptions } from '../stack-options.js';

/** What the command line says, as commander gives it. */
export interface LintArguments extends StackOptions, CommonOptions {
  readonly together?: true;
  readonly format: 'text' | 'json' | 'github' | 'sarif' | 'junit' | 'codeclimate';
  readonly strict?: true;
  readonly level: 'error' | 'warning' | 'info';
  readonly ignore: readonly string[];
  readonly raw: boolean;
  readonly proxyNetwork: readonly string[];
  readonly monitorNetwork: readonly string[];
  readonly knownLabel: readonly string[];
  readonly config?: string;
  readonly fix?: true;
  readonly promtool?: string;
  readonly haproxy?: string;
}
