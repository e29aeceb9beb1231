import { unreadable } from '../../values/parsed.js';
import { convert, countingAs, type LabelType } from './label-type.js';
import { CONTROLS, anyCase, listed, matching, oneOf } from './pattern.js';
import { words } from './text.js';

interface Choice<T extends string> {
  readonly name: string;
  /** `is not a mode`. */
  readonly problem: string;
  readonly choices: readonly T[];
  /** Whether `HTTP` is `http`; the words are given in small letters then. */
  readonly anyCase?: true;
}

/** One of some words. */
export function choice<const T extends string>(rules: Choice<T>): LabelType<T> {
  const { name, problem, choices } = rules;
  const type = matching(
    {
      name,
      words: choices.map((one) => `\`${one}\``).join(', '),
      pattern: rules.anyCase ? choices.map(anyCase).join('|') : oneOf(choices),
      problem,
      expected: listed(choices),
    },
    (text) => (rules.anyCase ? text.toLowerCase() : text) as T,
  );
  const numeric = choices.map(Number).filter((number) => Number.isInteger(number));
  const numbers =
    numeric.length === choices.length ? { numbers: { type: 'integer', enum: numeric } as const } : {};
  return { ...type, choices, schema: { ...type.schema, choices, ...numbers } };
}

/** Some words of a set, with blanks between them. */
export function choices(rules: Choice<string>): LabelType<readonly string[]> {
  const one = choice(rules);
  const pattern = `(?:${one.schema.pattern ?? ''})`;
  return {
    ...one,
    name: `list of ${rules.name}s`,
    words: `${one.words}; several are separated by blanks`,
    schema: { ...one.schema, pattern: `${pattern}(?:(?:(?![${CONTROLS}])\\s)+${pattern})*` },
    read(text) {
      const read = words.read(text);
      if (!read.ok) return read;
      const isEach = read.value.every((word) => one.read(word).ok);
      return isEach ? read : unreadable(rules.problem, listed(rules.choices));
    },
  };
}

/** Whether requests go to the service's virtual address or to its tasks; anything else changes nothing. */
export const discovery: LabelType<'dns' | 'overlay'> = countingAs(
  convert(
    choice({ name: 'discovery', problem: 'is not a kind of discovery', choices: ['Overlay', 'DNS'] }),
    (word) => (word === 'DNS' ? 'dns' : 'overlay'),
  ),
  'overlay',
  'and counts as Overlay',
);

export const REDIRECT_CODES = ['301', '302', '303', '307', '308'] as const;

/** HTTP status of a redirect. */
export const redirectCode: LabelType<number> = {
  ...convert(
    choice({ name: 'redirect code', problem: 'is not the status of a redirect', choices: REDIRECT_CODES }),
    Number,
  ),
  json: 'integer',
};

/** How the authority is shown that a name is ours. */
export const challenge = choice({
  name: 'challenge',
  problem: 'is not a challenge',
  choices: ['http-01', 'dns-01'],
});

/** Kind of a private key. */
export const keyType = choice({
  name: 'kind of key',
  problem: 'is not a kind of key',
  choices: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
});
