import type { LabelType } from './types/label-type.js';

/** The programs that read labels. */
export type Reader = 'swarm-listener' | 'monitor' | 'proxy-configurator' | 'scaler' | 'certificates';

/** What a program does with the text of a label before it looks at it. */
export interface TextRules {
  /** Whether blanks around the value do not count. */
  readonly trim: boolean;
  /** Whether an empty value counts as none. */
  readonly emptyIsAbsent: boolean;
  /** Whether quotes around the whole value are left out, which is told: YAML was meant to take them away. */
  readonly unquote: boolean;
}

/** Labels that serve one purpose: a heading of the documentation. */
export interface Topic {
  readonly title: string;
  /** What their program does with their texts. */
  readonly rules: TextRules;
}

/** Another type that holds where another label of the service has a certain text. */
export interface Variant<T = unknown> {
  /** Name of the other label. */
  readonly label: string;
  /** Pattern of its text. */
  readonly matches: string;
  readonly type: LabelType<T>;
}

/** What is written of a label in the catalogue, under its name. */
export interface LabelRow<T = unknown> {
  readonly type: LabelType<T>;
  readonly variant?: Variant<T>;
  /** As a user would write it; absent when there is none. A default that a variable sets is named `$VARIABLE`. */
  readonly default?: string;
  /** May also be given as `name.1`, `name.2` … */
  readonly indexed?: boolean;
  /** `service` (default) or `node`, where the label is put. */
  readonly on?: 'service' | 'node';
  /** Set by swarm-listener rather than by people (`serviceName`, `replicas` …). */
  readonly sentByListener?: boolean;
  /** The name to use instead. */
  readonly deprecatedFor?: string;
  /** Its value is never repeated in a message. */
  readonly secret?: boolean;
  /** Instead of those of its topic. */
  readonly rules?: TextRules;
  /** One sentence, or a few; Markdown. */
  readonly description: string;
  /** A value that works, for the documentation. */
  readonly example?: string;
}

/** Everything there is to know about one label: reading, documentation and schema come from here. */
export interface Label<T = unknown, Name extends string = string> extends LabelRow<T> {
  /** Without `com.df.` and without index: also the name of the notification's parameter. */
  readonly name: Name;
  readonly topic: Topic;
  readonly rules: TextRules;
  readonly indexed: boolean;
}

/** Labels by name, each with the type of what it reads. */
export type Labels<Rows extends Readonly<Record<string, LabelRow>>> = {
  readonly [Name in keyof Rows & string]: Label<ValueOf<Rows[Name]>, Name>;
};

type ValueOf<Row> = Row extends { readonly type: LabelType<infer T> } ? T : never;

/** The labels of one topic. A new label is a new row here; its name is its key. */
export function defineLabels<const Rows extends Readonly<Record<string, LabelRow>>>(
  topic: Topic,
  rows: Rows,
): Labels<Rows> {
  const labels = Object.entries<LabelRow>(rows).map(([name, row]): [string, Label] => [
    name,
    { rules: topic.rules, indexed: false, ...row, name, topic },
  ]);
  return Object.fromEntries(labels) as Labels<Rows>;
}

/** The labels as a list, in the order of the catalogue. */
export function listLabels<L extends Label>(labels: Readonly<Record<string, L>>): readonly L[] {
  return Object.values(labels);
}
