/** What a shortcut may say about the alert it is expanded for. */
export interface AlertSubject {
  readonly service: string;
  readonly alertName: string;
  readonly formattedName: string;
  /** The condition as given. */
  readonly condition: string;
  /** Empty when absent. */
  readonly for: string;
  readonly persistent: boolean;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One value that stands after the colon. */
export interface ShortcutParameter {
  /** In capitals, as documentation writes it. */
  readonly name: string;
  /** Used when the value is blank or missing; without it the value is required. */
  readonly default?: string;
}

export type Expansion =
  | {
      readonly ok: true;
      readonly expression: string;
      readonly annotations: Readonly<Record<string, string>>;
      readonly labels: Readonly<Record<string, string>>;
      /** Values that were given and are not used; absent when there are none. */
      readonly unusedValues?: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

export interface Shortcut {
  /** With the `@`. */
  readonly name: string;
  /** `built-in`, or the file it comes from. */
  readonly origin: string;
  readonly parameters: readonly ShortcutParameter[];
  /** How `/shortcuts` shows what it becomes. */
  readonly shown: {
    readonly expression: string;
    readonly summary: string | undefined;
    readonly labels: Readonly<Record<string, string>>;
  };
  /**
   * `whole`: this shortcut is the whole condition; `part`: it is one of several joined by operators.
   * Never throws.
   */
  expand(subject: AlertSubject, values: readonly string[], form: 'whole' | 'part'): Expansion;
}

/** Shortcuts by name. */
export type Shortcuts = ReadonlyMap<string, Shortcut>;
