/** The programs that read labels. */
export type Reader = 'swarm-listener' | 'monitor' | 'proxy-configurator' | 'scaler';

/**
 * What a value looks like. `list` is split at the separator of its reader, `pairs` is a list of
 * `name=value`, `raw` is text that goes into a generated file as it is (and can be switched off).
 */
export type LabelType =
  | 'text'
  | 'boolean'
  | 'integer'
  | 'port'
  | 'duration'
  | 'seconds'
  | 'choice'
  | 'list'
  | 'pairs'
  | 'json'
  | 'expression'
  | 'raw'
  | 'path';

/** Everything there is to know about one label. Parsing, validation, documentation and schema come from here. */
export interface Label {
  /** Without `com.df.` and without index: also the name of the notification's parameter. */
  readonly name: string;
  readonly type: LabelType;
  /** Only where the number has one: seconds, replicas, nodes, percent … */
  readonly unit?: string;
  /** As a user would write it; absent when there is none. A default that a variable sets is named `$VARIABLE`. */
  readonly default?: string;
  /** May also be given as `name.1`, `name.2` … */
  readonly indexed: boolean;
  /** Allowed values of a `choice`. */
  readonly choices?: readonly string[];
  /** Smallest and largest number allowed. */
  readonly min?: number;
  readonly max?: number;
  /** `service` (default) or `node`, where the label is put. */
  readonly on?: 'service' | 'node';
  /** Set by swarm-listener rather than by people (`serviceName`, `replicas` …). */
  readonly sentByListener?: boolean;
  /** The name to use instead. */
  readonly deprecatedFor?: string;
  /** One sentence. */
  readonly says: string;
  /** A value that works, for the documentation. */
  readonly example?: string;
}

/** A list whose names TypeScript knows, so that a reader cannot ask for a label that is not in the catalogue. */
export function defineLabels<const T extends readonly Label[]>(labels: T): T {
  return labels;
}
