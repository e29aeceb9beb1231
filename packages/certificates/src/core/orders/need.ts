import { covers } from '../names/covers.js';
import { isValidAt, type CertificateRecord } from '../model/certificate-record.js';
import { renewalMomentMs } from '../renewal/renewal-moment.js';

/** Why an order is needed. */
export type Need =
  'none there' | 'other names' | 'other authority' | 'demanded' | 'left out before' | 'renewal';

export interface NeedSettings {
  readonly directory: string;
  /** Share of the lifetime after which a certificate is renewed. */
  readonly renewAt: number;
}

/** The order that a certificate needs now. */
export interface NeededOrder {
  readonly need: Need;
  readonly names: readonly string[];
}

/**
 * The order a certificate needs now, if there is one. Names that were left out and whose time has not come stay out,
 * unless that would take a name from a certificate that is valid.
 */
export function neededOrder(
  record: CertificateRecord,
  { directory, renewAt }: NeedSettings,
  nowMs: number,
): NeededOrder | undefined {
  const { wanted, certificate, leftOut, isDemanded } = record;
  const names = wanted.filter((name) => isDemanded || (leftOut[name]?.nextTryMs ?? 0) <= nowMs);
  if (names.length === 0) return undefined;
  const order = (need: Need): NeededOrder => ({
    need,
    names: shrinks(names, record, nowMs) ? wanted : names,
  });
  if (isDemanded) return order('demanded');
  if (!certificate || !isValidAt(certificate, nowMs)) return order('none there');
  if (certificate.directory !== undefined && certificate.directory !== directory)
    return order('other authority');
  const missing = names.filter((name) => !certificate.names.includes(name));
  if (missing.some((name) => leftOut[name])) return order('left out before');
  const surplus = certificate.names.some((name) => !wanted.includes(name));
  if (missing.length > 0 || surplus) return order('other names');
  return renewalMomentMs(certificate, record.advice, renewAt) <= nowMs ? order('renewal') : undefined;
}

/** Whether an order for these names would take one that is still wanted from a valid certificate. */
export function shrinks(names: readonly string[], record: CertificateRecord, nowMs: number): boolean {
  const { certificate, wanted } = record;
  if (!certificate || !isValidAt(certificate, nowMs)) return false;
  return certificate.names.some((name) => wanted.includes(name) && !covers(names, name));
}
