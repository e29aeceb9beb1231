/** What became of one value: its text, or why Docker cannot fill it in, and what is worth a word. */
export interface Interpolated {
  readonly text: string;
  /** Variables that are not set and have no default; `braces` tells `${V}` from `$V`. */
  readonly unset: readonly UnsetVariable[];
  /** The sign that begins no variable, as it stands there. */
  readonly invalid?: string;
  /** A required variable that is missing, with its message. */
  readonly missing?: { readonly name: string; readonly message: string };
}

export interface UnsetVariable {
  readonly name: string;
  readonly hasBraces: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** As Docker's `template.go`: a default ends at the first brace and is taken as it stands. */
const PATTERN =
  /\$(?:(?<escaped>\$)|(?<named>[_a-zA-Z][_a-zA-Z0-9]*)|\{(?<braced>[_a-zA-Z][_a-zA-Z0-9]*)(?:(?<operator>:?[-?])(?<word>[^}]*))?\}|(?<invalid>))/g;

/** Fills variables into one value. */
export function interpolate(value: string, environment: Environment): Interpolated {
  const unset: UnsetVariable[] = [];
  let invalid: string | undefined;
  let missing: Interpolated['missing'];
  const text = value.replace(PATTERN, (...args: unknown[]) => {
    const groups = args.at(-1) as Readonly<Record<string, string | undefined>>;
    const offset = args.at(-3) as number;
    const { escaped, named, braced, operator = '', word = '' } = groups;
    if (escaped !== undefined) return '$';
    const name = named ?? braced;
    if (name === undefined) {
      invalid ??= value.slice(offset, offset + 2);
      return '';
    }
    const set = environment[name];
    const isThere = set !== undefined && (set !== '' || !operator.startsWith(':'));
    if (isThere) return set;
    if (operator.endsWith('-')) return word;
    if (operator.endsWith('?')) missing ??= { name, message: word };
    else unset.push({ name, hasBraces: braced !== undefined });
    return '';
  });
  return {
    text,
    unset,
    ...(invalid === undefined ? {} : { invalid }),
    ...(missing === undefined ? {} : { missing }),
  };
}
