import { readDomainName } from '@docker-flow/labels';
import { baseOf } from '../names/covers.js';

/** What an authority said against a request (RFC 7807, RFC 8555 section 6.7), or that it said nothing. */
export interface AuthorityProblem {
  /** Absent: there was no answer. */
  readonly status: number | undefined;
  /** The word behind `urn:ietf:params:acme:error:`; absent: an error page. */
  readonly type: string | undefined;
  readonly detail: string;
  readonly subproblems: readonly NameProblem[];
  /** How long to wait at least. */
  readonly retryAfterMs: number | undefined;
}

export interface NameProblem {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly detail: string;
}

/** Which request the authority refused. */
export type Step =
  'directory' | 'resume' | 'newAccount' | 'newOrder' | 'authorization' | 'finalize' | 'certificate';

export interface FailedName {
  readonly name: string;
  readonly reason: string;
}

/** Why an order came to nothing, by what it means for the next one. */
export type OrderFailure =
  /** The authority is in trouble: nobody's fault, and the same for all. */
  | { readonly kind: 'authority'; readonly problem: string; readonly retryAfterMs: number | undefined }
  /** Nothing can be ordered by this account. */
  | { readonly kind: 'account'; readonly problem: string; readonly retryAfterMs: number | undefined }
  /** The authority knows no such account. */
  | { readonly kind: 'account lost'; readonly problem: string }
  | { readonly kind: 'rate limited'; readonly problem: string; readonly retryAfterMs: number | undefined }
  /** These names cannot be certified now. */
  | { readonly kind: 'names'; readonly failed: readonly FailedName[] }
  | { readonly kind: 'order'; readonly problem: string };

const NAME_TYPES = new Set([
  'rejectedIdentifier',
  'unsupportedIdentifier',
  'dns',
  'caa',
  'unauthorized',
  'connection',
]);
const SHOWN_DETAIL = 300;

/** What a refusal means for an order of these names. */
export function classifyProblem(
  problem: AuthorityProblem,
  step: Step,
  names: readonly string[],
): OrderFailure {
  const { status, type, retryAfterMs, detail } = problem;
  const text = describeProblem(problem);
  if (status === undefined) return { kind: 'authority', problem: text, retryAfterMs };
  if (type === 'rateLimited' || status === 429) {
    const isOfAccount = step === 'newAccount' || /\baccounts?\b/i.test(detail);
    return { kind: isOfAccount ? 'account' : 'rate limited', problem: text, retryAfterMs };
  }
  // An order of an earlier life that is not there any more.
  if (step === 'resume' && status === 404) return { kind: 'order', problem: text };
  if (type === undefined || status >= 500 || type === 'serverInternal' || type === 'badNonce')
    return { kind: 'authority', problem: text, retryAfterMs };
  if (type === 'accountDoesNotExist') return { kind: 'account lost', problem: text };
  if (step === 'newAccount' || step === 'directory') return { kind: 'account', problem: text, retryAfterMs };
  const failed = failedNames(problem, names);
  return failed.length > 0 ? { kind: 'names', failed } : { kind: 'order', problem: text };
}

/** The names that a problem is about. */
function failedNames(problem: AuthorityProblem, names: readonly string[]): readonly FailedName[] {
  const { type, subproblems, detail } = problem;
  const listed = subproblems.flatMap(({ name, ...one }) => {
    const known = name === undefined ? undefined : nameOf(name, names);
    return known === undefined ? [] : [{ name: known, reason: describeProblem({ ...one, status: 0 }) }];
  });
  if (listed.length > 0) return listed;
  if (!NAME_TYPES.has(type ?? '')) return [];
  const reason = describeProblem(problem);
  const mentioned = names.filter((name) => mentions(detail, name));
  if (mentioned.length > 0) return mentioned.map((name) => ({ name, reason }));
  const [only] = names;
  return names.length === 1 && only !== undefined ? [{ name: only, reason }] : [];
}

function nameOf(written: string, names: readonly string[]): string | undefined {
  const read = readDomainName(written);
  return read.ok ? names.find((name) => name === read.value) : undefined;
}

function mentions(detail: string, name: string): boolean {
  const pattern = baseOf(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(
    `(?<![A-Za-z0-9.-])${name.startsWith('*.') ? '\\*\\.' : ''}${pattern}(?![A-Za-z0-9-]|\\.[A-Za-z0-9])`,
    'i',
  ).test(detail);
}

/** One line: the type of the authority and its words, without control characters. */
export function describeProblem({
  type,
  detail,
  status,
}: Pick<AuthorityProblem, 'type' | 'detail' | 'status'>): string {
  const words = detail.replace(/[^\u0020-\u007e\u00a0-\uffff]+/g, ' ').trim();
  const shown = words.length > SHOWN_DETAIL ? `${words.slice(0, SHOWN_DETAIL)}…` : words;
  if (type !== undefined) return shown === '' ? type : `${type}: ${shown}`;
  return status === undefined || shown !== '' ? shown : `status ${status}`;
}
