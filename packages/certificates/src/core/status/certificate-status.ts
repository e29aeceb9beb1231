import type { RefusedName } from '@docker-flow/labels';
import { isValidAt, type CertificateRecord } from '../model/certificate-record.js';
import { renewalMomentMs } from '../renewal/renewal-moment.js';
import { describeRefusals } from '../wishes/service-request.js';
import type { Wish } from '../wishes/collect-wishes.js';

export type CertificateState = 'pending' | 'ordering' | 'valid' | 'failed' | 'expired' | 'retired';

/** One certificate as `status` shows it. */
export interface CertificateStatus {
  readonly certName: string;
  readonly services: readonly string[];
  readonly wanted: readonly string[];
  readonly names: readonly string[];
  readonly state: CertificateState;
  readonly problem: string | null;
  readonly leftOut: readonly { readonly name: string; readonly reason: string; readonly nextTry: string }[];
  readonly refused: readonly RefusedName[];
  readonly directory: string | null;
  readonly issuer: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly renewAt: string | null;
  readonly nextTry: string | null;
  readonly delivered: boolean;
  /** What was found when the names were looked at from here; only a hint. */
  readonly hints: readonly string[];
  /** What else deserves a look, without being a problem of the last attempt. */
  readonly warnings: readonly string[];
}

export interface StatusContext {
  readonly wish: Wish | undefined;
  /** Services whose names this certificate covers too, so that they need none of their own. */
  readonly covered: readonly string[];
  readonly isOrdering: boolean;
  /** Why no order is placed although one is needed. */
  readonly waiting: string | undefined;
  /** What is ordered otherwise than it is asked for. */
  readonly notice: string | undefined;
  /** Why a proxy does not take it. */
  readonly undelivered: string | undefined;
  readonly isDelivered: boolean;
  readonly hints: readonly string[];
  readonly warnings: readonly string[];
  readonly nowMs: number;
  readonly renewAt: number;
}

export function certificateStatus(record: CertificateRecord, context: StatusContext): CertificateStatus {
  const { certificate, leftOut } = record;
  const { wish, nowMs } = context;
  return {
    certName: record.certName,
    services: [...record.services, ...context.covered],
    wanted: wish ? wish.names : record.wanted,
    names: certificate?.names ?? [],
    state: stateOf(record, context),
    problem: problemOf(record, context) ?? null,
    leftOut: Object.entries(leftOut).map(([name, { reason, nextTryMs }]) => ({
      name,
      reason,
      nextTry: timeText(nextTryMs),
    })),
    refused: wish?.refused ?? [],
    directory: certificate?.directory ?? null,
    issuer: certificate?.issuer ?? null,
    notBefore: certificate ? timeText(certificate.notBeforeMs) : null,
    notAfter: certificate ? timeText(certificate.notAfterMs) : null,
    renewAt:
      certificate && wish ? timeText(renewalMomentMs(certificate, record.advice, context.renewAt)) : null,
    nextTry: record.nextTryMs > nowMs ? timeText(Math.max(record.nextTryMs, record.retryAfterMs)) : null,
    delivered: certificate !== undefined && context.isDelivered,
    hints: context.hints,
    warnings: context.warnings,
  };
}

function stateOf(record: CertificateRecord, { wish, isOrdering, nowMs }: StatusContext): CertificateState {
  if (!wish) return 'retired';
  if (isValidAt(record.certificate, nowMs)) return 'valid';
  if (isOrdering) return 'ordering';
  if (record.certificate) return 'expired';
  return record.problem === undefined ? 'pending' : 'failed';
}

function problemOf(record: CertificateRecord, context: StatusContext): string | undefined {
  const { wish } = context;
  if (!wish) return undefined;
  const parts = [
    record.problem,
    wish.forbidden,
    wish.forbidden === undefined ? context.waiting : undefined,
    ...Object.entries(record.leftOut).map(([name, { reason }]) => `${name} is left out: ${reason}`),
    describeRefusals(wish.refused, wish.issues),
    wish.names.length === 0 && wish.refused.length === 0 ? 'no name: the service has no domain' : undefined,
    context.notice,
    context.undelivered,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('; ');
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
