/** One matcher of a rule: `` Host(`a.com`) ``. */
export interface Matcher {
  /** In small letters. */
  readonly name: string;
  readonly values: readonly string[];
}

type Rule =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Rule[] }
  | { readonly kind: 'matcher'; readonly matcher: Matcher };

const MOST_ALTERNATIVES = 50;

/**
 * What a rule asks for: alternatives, each of matchers that must all fit. `undefined` when it cannot be read, or says
 * what a route must not have.
 */
export function readRule(text: string): readonly (readonly Matcher[])[] | undefined {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  const read = readOr(tokens, 0);
  if (read?.next !== tokens.length) return undefined;
  return alternativesOf(read.rule);
}

type Token = string | Matcher;

const TOKEN = /\s*(?:(&&|\|\||[()!])|([A-Za-z]+)\s*\(\s*((?:[`"][^`"]*[`"]\s*,?\s*)*)\))/y;

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const trimmed = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (!match) return undefined;
    const [, sign, name, values = ''] = match;
    tokens.push(
      sign ?? {
        name: (name ?? '').toLowerCase(),
        values: [...values.matchAll(/[`"]([^`"]*)[`"]/g)].map(([, value = '']) => value),
      },
    );
  }
  return tokens;
}

interface Read {
  readonly rule: Rule;
  readonly next: number;
}

function readOr(tokens: readonly Token[], at: number): Read | undefined {
  return readJoined(tokens, at, { sign: '||', kind: 'or', readPart: readAnd });
}

function readAnd(tokens: readonly Token[], at: number): Read | undefined {
  return readJoined(tokens, at, { sign: '&&', kind: 'and', readPart: readOne });
}

interface Joined {
  readonly sign: string;
  readonly kind: 'and' | 'or';
  readonly readPart: (tokens: readonly Token[], at: number) => Read | undefined;
}

function readJoined(
  tokens: readonly Token[],
  at: number,
  { sign, kind, readPart }: Joined,
): Read | undefined {
  const parts: Rule[] = [];
  for (let next = at; ; next += 1) {
    const read = readPart(tokens, next);
    if (!read) return undefined;
    parts.push(read.rule);
    next = read.next;
    if (tokens[next] !== sign) return { rule: { kind, parts }, next };
  }
}

function readOne(tokens: readonly Token[], at: number): Read | undefined {
  const token = tokens[at];
  if (typeof token === 'object') return { rule: { kind: 'matcher', matcher: token }, next: at + 1 };
  if (token !== '(') return undefined;
  const inner = readOr(tokens, at + 1);
  return inner && tokens[inner.next] === ')' ? { rule: inner.rule, next: inner.next + 1 } : undefined;
}

function alternativesOf(rule: Rule): readonly (readonly Matcher[])[] | undefined {
  if (rule.kind === 'matcher') return [[rule.matcher]];
  const parts = rule.parts.map(alternativesOf);
  let all: readonly (readonly Matcher[])[] = rule.kind === 'or' ? [] : [[]];
  for (const part of parts) {
    if (!part) return undefined;
    all =
      rule.kind === 'or' ? [...all, ...part] : all.flatMap((one) => part.map((other) => [...one, ...other]));
    if (all.length > MOST_ALTERNATIVES) return undefined;
  }
  return all;
}
