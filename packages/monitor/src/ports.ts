import type { Alert } from './core/services/alert.js';
import type { PrometheusFiles } from './core/services/prometheus-model.js';
import type { RenderedFiles } from './core/files/render.js';

/** Says whether Prometheus would accept something, without telling Prometheus. */
export interface ConfigurationCheck {
  /** Why the files would be rejected; `undefined` when they are fine or nobody can tell. */
  check(files: PrometheusFiles, rendered: RenderedFiles): Promise<string | undefined>;
  /** The alerts that would be rejected, with the reason. */
  checkAlerts(alerts: readonly Alert[]): Promise<ReadonlyMap<Alert, string>>;
  /** Whether the last check could tell anything. */
  isPossible(): boolean;
}

/** The generated files on disk. */
export interface ConfigurationFiles {
  /** What was written last; `undefined` before the first time. */
  placed(): RenderedFiles | undefined;
  /**
   * Replaces what differs: each file whole or not at all, rules and targets before the configuration.
   *
   * @throws {Error} of the file system
   */
  write(files: RenderedFiles): Promise<void>;
}

/** `live`: Prometheus says that it runs what is on disk. */
export type ReloadResult =
  | { readonly kind: 'live' }
  /** Prometheus has read the files and does not want them; it goes on with the old ones. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Prometheus does not run or does not answer. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface PrometheusServer {
  /** Waits a while for a server that is starting. Why it cannot be reloaded; `undefined` when it can. */
  whyNotReady(): Promise<string | undefined>;
  /** `characters`: of all files that it reads; more of them may take longer. */
  reload(characters: number): Promise<ReloadResult>;
}

/** Texts of the `scrape_*` files, in the byte order of their names. */
export interface ScrapeFileSource {
  read(): Promise<readonly { readonly name: string; readonly text: string }[]>;
}
