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

/**
 * As Docker's `template.go`: a default ends at the first brace and is taken as it stands. Operators count without
 * braces, too: `$HOST-api` is the host with a default, and its `-api` is gone.
 */
const PATTERN =
  /\$(?:(?<escaped>\$)|(?<named>[_a-zA-Z][_a-zA-Z0-9]*(?::?[-?][^}]*)?)|\{(?<braced>[_a-zA-Z][_a-zA-Z0-9]*(?::?[-?][^}]*)?)\}|(?<invalid>))/g;

/** In the order in which Docker looks for them, anywhere behind the name: `${V:?a-b}` has the default `b`. */
const OPERATORS = [':-', '-', ':?', '?'] as const;

/** Fills variables into one value. */
export function interpolate(value: string, environment: Environment): Interpolated {
  const unset: UnsetVariable[] = [];
  let invalid: string | undefined;
  let missing: Interpolated['missing'];
  const text = value.replace(PATTERN, (...args: unknown[]) => {
    const groups = args.at(-1) as Readonly<Record<string, string | undefined>>;
    const offset = args.at(-3) as number;
    const { escaped, named, braced } = groups;
    if (escaped !== undefined) return '$';
    const written = named ?? braced;
    if (written === undefined) {
      invalid ??= value.slice(offset, offset + 2);
      return '';
    }
    const { name, operator, word } = partsOf(written);
    const set = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (set !== undefined && (set !== '' || !operator.startsWith(':'))) return set;
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

function partsOf(written: string): {
  readonly name: string;
  readonly operator: string;
  readonly word: string;
} {
  const operator = OPERATORS.find((one) => written.includes(one));
  if (operator === undefined) return { name: written, operator: '', word: '' };
  const at = written.indexOf(operator);
  return { name: written.slice(0, at), operator, word: written.slice(at + operator.length) };
}
