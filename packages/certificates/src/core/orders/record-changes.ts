import type { CertificateRecord, IssuedCertificate, LeftOutName } from '../model/certificate-record.js';
import { backOffMs, type BackOffRules } from './back-off.js';
import type { FailedName, OrderFailure } from './failure.js';
import { shrinks, type NeededOrder } from './need.js';

export interface ChangeContext {
  readonly nowMs: number;
  readonly rules: BackOffRules;
  /** From 0 to 1. */
  readonly chance: number;
}

/** Other names are asked for: everything begins anew, but for what the authority has said. */
export function withWanted(
  record: CertificateRecord,
  wanted: readonly string[],
  services: readonly string[],
  part: number,
): CertificateRecord {
  const isSame = record.wanted.join(' ') === wanted.join(' ');
  if (isSame) return { ...record, services, part };
  return { ...record, services, part, wanted, attempts: 0, nextTryMs: 0, problem: undefined, leftOut: {} };
}

/**
 * An attempt begins. It counts as failed until it has not: so a program that crashes at it again and again tries no
 * more often than one that runs.
 */
export function attemptBegun(
  record: CertificateRecord,
  { need, names }: NeededOrder,
  { nowMs, rules, chance }: ChangeContext,
): CertificateRecord {
  const leftOut = Object.fromEntries(
    Object.entries(record.leftOut).map(([name, entry]): [string, LeftOutName] => {
      if (!names.includes(name)) return [name, entry];
      const attempts = entry.attempts + 1;
      return [name, { ...entry, attempts, nextTryMs: nowMs + backOffMs(attempts, rules, chance) }];
    }),
  );
  // The others of the set have their certificate: only the names that were left out are on trial.
  if (need === 'left out before') return { ...record, leftOut };
  const attempts = record.attempts + 1;
  return {
    ...record,
    leftOut,
    isDemanded: false,
    attempts,
    nextTryMs: nowMs + backOffMs(attempts, rules, chance),
  };
}

export function attemptSucceeded(
  record: CertificateRecord,
  names: readonly string[],
  certificate: IssuedCertificate,
): CertificateRecord {
  return {
    ...record,
    certificate,
    attempts: 0,
    nextTryMs: 0,
    retryAfterMs: 0,
    problem: undefined,
    leftOut: Object.fromEntries(Object.entries(record.leftOut).filter(([name]) => !names.includes(name))),
    pending: undefined,
    advice: undefined,
  };
}

/** @param before the record before the attempt began */
export function attemptFailed(
  record: CertificateRecord,
  before: CertificateRecord,
  names: readonly string[],
  failure: OrderFailure,
  context: ChangeContext,
): CertificateRecord {
  const { nowMs } = context;
  switch (failure.kind) {
    case 'authority':
    case 'account':
    case 'account lost': {
      // Not its fault: what was counted is taken back. What is under way goes on later.
      const { attempts, nextTryMs, leftOut, isDemanded } = before;
      return { ...record, attempts, nextTryMs, leftOut, isDemanded };
    }
    case 'rate limited': {
      const retryAfterMs = nowMs + (failure.retryAfterMs ?? 0);
      const { problem } = failure;
      return withBackOff({ ...record, problem, retryAfterMs }, context, retryAfterMs);
    }
    case 'names':
      return namesFailed({ ...record, pending: undefined }, names, failure.failed, context);
    case 'order':
      return withBackOff({ ...record, problem: failure.problem, pending: undefined }, context);
  }
}

/** The back-off that began with the attempt, or one from now on where none did. */
function withBackOff(record: CertificateRecord, context: ChangeContext, earliestMs = 0): CertificateRecord {
  const { nowMs, rules, chance } = context;
  if (record.nextTryMs > nowMs) return { ...record, nextTryMs: Math.max(record.nextTryMs, earliestMs) };
  const attempts = record.attempts + 1;
  return { ...record, attempts, nextTryMs: Math.max(earliestMs, nowMs + backOffMs(attempts, rules, chance)) };
}

/** Names that fail are left out and the others ordered at once, unless that would shrink a valid certificate. */
function namesFailed(
  record: CertificateRecord,
  names: readonly string[],
  failed: readonly FailedName[],
  context: ChangeContext,
): CertificateRecord {
  const { nowMs, rules, chance } = context;
  const isFailed = (name: string) => failed.some((one) => one.name === name);
  const rest = names.filter((name) => !isFailed(name));
  if (rest.length === 0 || shrinks(rest, record, nowMs))
    return withBackOff({ ...record, problem: describeFailed(failed) }, context);
  const leftOut = { ...record.leftOut };
  for (const { name, reason } of failed) {
    const known = leftOut[name];
    const isCounted = known !== undefined && known.nextTryMs > nowMs;
    const attempts = isCounted ? known.attempts : (known?.attempts ?? 0) + 1;
    const nextTryMs = isCounted ? known.nextTryMs : nowMs + backOffMs(attempts, rules, chance);
    leftOut[name] = { reason, attempts, nextTryMs };
  }
  return { ...record, leftOut, attempts: 0, nextTryMs: 0, problem: undefined };
}

export function describeFailed(failed: readonly FailedName[]): string {
  return failed.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
}
