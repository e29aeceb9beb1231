import type { HostClaims } from './core/certificates/host-claims.js';
import type { LoadedCertificate } from './core/changes/certificate-changes.js';
import type { LookupTable } from './core/model/directives.js';
import type { Addresses } from './core/model/routed-service.js';
import type { Verdicts } from './core/model/service-version.js';
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
  throttle(): Promise<void>;
  processes(): Promise<HaproxyProcesses | undefined>;
  /** One or more commands, joined by `;`, to the worker that runs. */
  command(text: string): Promise<string>;
}

/** The generated files on disk. */
export interface ConfigFiles {
  /** Where the live configuration is. */
  readonly configFile: string;
  /** Names the file of a table after its content. */
  tablePath(table: LookupTable): string;
  /** Writes a configuration beside the live one and answers its path. */
  stage(rendered: RenderedConfig): Promise<string>;
  /** Makes the staged configuration the live one. */
  place(): Promise<void>;
  /** Puts the configuration that was live before `place` back; false when there is none. */
  restore(): Promise<boolean>;
  /** Removes tables that no configuration needs any more. */
  clean(rendered: RenderedConfig): Promise<void>;
  /** Text of the live configuration; `undefined` when there is none. */
  read(): Promise<string | undefined>;
}

/** The names that have a valid certificate, as a table that HAProxy looks hosts up in. */
export interface CertifiedTable {
  readonly file: string;
  /** Writes the table as it is right now and answers its names. */
  refresh(): Promise<readonly string[]>;
  /** Whether it would be another one by now. */
  isStale(): boolean;
}

/** The certificates that services bring in their labels. */
export interface LabelCertificates {
  /** PEM by the name of the service. */
  readonly pems: ReadonlyMap<string, string>;
  /** Whose the names are. */
  readonly claims: HostClaims;
}

/** The certificates HAProxy loads. */
export interface LoadableCertificates {
  /** Whether the list of certificates is ours; otherwise it is the operator's. */
  readonly generatesList: boolean;
  /**
   * Looks at the files, writes those of labels, and the list. Answers what HAProxy has to load, in the order of the
   * list.
   *
   * @param labels absent: those that the list has
   */
  refresh(labels?: LabelCertificates): Promise<readonly LoadedCertificate[]>;
  /** The services whose certificates HAProxy's complaints name, with what it says. */
  blamed(complaints: readonly string[]): ReadonlyMap<string, string>;
  /**
   * Leaves out, until they change, the certificates of the operator that HAProxy's complaints name. False when they
   * name none of the generated list. The next look shows what is left.
   */
  leaveOut(complaints: readonly string[]): boolean;
  /** Content of a certificate file. */
  read(path: string): Promise<string>;
}

/** What is known of the addresses of hosts. */
export interface AddressCache {
  readonly known: Addresses;
  /** Asks now and remembers the answer; an empty answer does not make what was known before unknown. */
  lookup(host: string, where?: 'everywhere' | 'servers'): Promise<readonly string[]>;
  forget(host: string): void;
}

/** What a reconciliation did: all but the last without a reload. `servers`, `backends`: some were added or removed. */
export type Outcome =
  'unchanged' | 'addresses' | 'servers' | 'tables' | 'backends' | 'certificates' | 'reloaded';

/** One reconciliation that came to its end. */
export interface Run {
  readonly outcome: Outcome;
  /** Why: the first configuration, changed services, certificates, addresses or main template, or on demand. */
  readonly reason: 'start' | 'demand' | 'certificates' | 'services' | 'other';
  /** Services that came, went or changed. */
  readonly services: readonly string[];
  /** What became of each service that should run. */
  readonly verdicts: Verdicts;
  readonly durationMs: number;
}
