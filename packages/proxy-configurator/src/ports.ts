import type { HaproxyProcesses } from './core/haproxy-output/show-proc.js';
import type { RenderedConfig } from './core/text/render.js';

export interface CheckResult {
  readonly ok: boolean;
  /** Everything HAProxy printed. */
  readonly output: string;
}

export type ReloadResult =
  | { readonly ok: true; readonly pid: number }
  | { readonly ok: false; readonly output: string; readonly reason: string };

/** The HAProxy we run. */
export interface Haproxy {
  /** Whether HAProxy would take a configuration file. */
  check(file: string): Promise<CheckResult>;
  /** Makes the file on disk run, starting HAProxy if need be; resolves when a new worker has confirmed it, or not. */
  reload(): Promise<ReloadResult>;
  running(): boolean;
  /** Resolves when another reload would not pile up workers: at once, or a second after the last one. */
  pace(): Promise<void>;
  processes(): Promise<HaproxyProcesses | undefined>;
  /** One or more commands, joined by `;`, to the worker that runs. */
  command(text: string): Promise<string>;
}

/** The generated files on disk. */
export interface ConfigFiles {
  /** Writes a configuration beside the live one and answers its path. */
  stage(rendered: RenderedConfig): Promise<string>;
  /** Makes the staged configuration the live one. */
  place(): Promise<void>;
  /** Puts the configuration that was live before `place` back. */
  restore(): Promise<void>;
  /** Removes tables that no configuration needs any more. */
  clean(rendered: RenderedConfig): Promise<void>;
  /** Text of the live configuration; `undefined` when there is none. */
  read(): Promise<string | undefined>;
}

/** Host names and their addresses. */
export interface NameResolver {
  /** Asks now. Sorted; empty when the name leads nowhere. */
  lookup(host: string, signal?: AbortSignal): Promise<readonly string[]>;
}
