/**
 * A HAProxy configuration in HAProxy's own words: sections of directives. A directive is a list of words,
 * and only the renderer turns words into text, quoting each; so no value can leave its place. The two
 * exceptions say what they are: `raw` text of the operator or of a raw label, and `server` lines, whose
 * addresses may change while HAProxy runs.
 */
export type Line = WordsLine | RawLine | ServerLine;

/** One directive with its arguments. */
export interface WordsLine {
  readonly kind: 'words';
  readonly words: readonly string[];
  /** The service that asked for it. */
  readonly owner?: string;
  /** What it was written from: a label of the owner, or without one a variable of the operator. */
  readonly source?: string;
}

/** Text that is written as it is, one line. */
export interface RawLine {
  readonly kind: 'raw';
  readonly text: string;
  readonly owner?: string;
  readonly source?: string;
}

export interface ServerLine {
  readonly kind: 'server';
  readonly server: Server;
  readonly owner?: string;
  readonly source?: string;
}

/** One server of a backend. */
export interface Server {
  readonly name: string;
  /** Host name or address to contact, as labels name it. */
  readonly host: string;
  readonly port: number;
  /** Where the host is now; `undefined` while nobody knows, or for a slot kept free. */
  readonly address: string | undefined;
  /**
   * Who follows the address: we tell HAProxy over its socket (`controller`), HAProxy asks the resolvers
   * (`resolvers`), or nobody because the host is an address itself (`fixed`).
   */
  readonly follow: 'controller' | 'resolvers' | 'fixed';
  /** Further words, such as `check` and `cookie`. */
  readonly options: readonly string[];
}

export type SectionKeyword =
  'global' | 'defaults' | 'resolvers' | 'userlist' | 'frontend' | 'backend' | 'listen';

export interface Section {
  readonly keyword: SectionKeyword;
  readonly name?: string;
  /** The named `defaults` that it begins with. */
  readonly from?: string;
  readonly owner?: string;
  readonly lines: readonly Line[];
  /** Those of the lines that change nothing of what HAProxy does. */
  readonly unused?: ReadonlySet<Line>;
}

/** The frontend all http services share, in the parts a custom main template can place. */
export interface ServicesFrontend {
  readonly binds: readonly Line[];
  /** The answer to challenges, before every other rule. */
  readonly challenge: readonly Line[];
  /** Mode, forwarded header, extra and log lines, further binds, captures. */
  readonly preamble: readonly Line[];
  /** The rules of all services. */
  readonly content: readonly Line[];
  /** Acls among them that no rule names. */
  readonly unused: ReadonlySet<Line>;
}

/** A table HAProxy looks routes up in: one `key value` line each, written beside the configuration. */
export interface LookupTable {
  /** Its entries change while HAProxy runs: its file keeps its name. */
  readonly isLive?: boolean;
  /** Only a script of ours looks into it, in workers of earlier configurations, too: its file keeps its name. */
  readonly isForScript?: boolean;
  readonly name: string;
  readonly entries: ReadonlyMap<string, string>;
}

/** Tables that change while HAProxy runs, by file. */
export type LiveTables = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Text of a service's own backend template; it holds whole sections. */
export interface BackendSnippet {
  readonly owner: string;
  readonly text: string;
}

export interface HaproxyModel {
  readonly global: Section;
  /** Loads the scripts that the rest names; part of `global`. */
  readonly lua: readonly Line[];
  readonly resolvers: Section;
  readonly defaults: Section;
  /** Named defaults from which HAProxy makes backends while it runs; none where it cannot. */
  readonly templates: readonly Section[];
  readonly statistics: readonly Section[];
  /** HAProxy's own exporter, if it has one. */
  readonly exporter: readonly Section[];
  readonly globalUserlist: Section | undefined;
  readonly services: ServicesFrontend;
  readonly tcpFrontends: readonly Section[];
  readonly sniFrontends: readonly Section[];
  readonly tcpGroups: readonly Section[];
  /** Userlists and backends of each service, in order. */
  readonly backends: readonly (Section | BackendSnippet)[];
  readonly tables: readonly LookupTable[];
}

/** One directive; give each argument as a word of its own. */
export function line(...words: readonly string[]): WordsLine {
  return { kind: 'words', words };
}

/** Text of somebody who may write HAProxy configuration. */
export function raw(text: string): RawLine {
  return { kind: 'raw', text };
}

/** The same lines, with the service that asked for them. */
export function ownedBy(owner: string, lines: readonly Line[]): readonly Line[] {
  return lines.map((one) => ({ ...one, owner }));
}

/** The same lines, with the label or the variable that they were written from. */
export function writtenFrom(source: string, lines: readonly Line[]): readonly Line[] {
  return lines.map((one) => ({ ...one, source }));
}

export function isSnippet(part: Section | BackendSnippet): part is BackendSnippet {
  return 'text' in part;
}
