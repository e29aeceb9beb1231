import type { IssuedCertificate, RenewalAdvice } from '../model/certificate-record.js';

const SPREAD = 0.05;
/** A window that ends later in the life of a certificate leaves no time for failures. */
const LATEST_SHARE = 0.9;

/**
 * When a certificate is to be renewed by its age: at a share of its lifetime, give or take a twentieth of that. The
 * offset comes from the serial number, so that it is the same after a restart and differs between certificates.
 */
export function renewalByLifetimeMs(certificate: IssuedCertificate, share: number): number {
  const { notBeforeMs, notAfterMs, serial } = certificate;
  const offset = 1 - SPREAD + 2 * SPREAD * chanceOf(serial);
  return Math.round(notBeforeMs + (notAfterMs - notBeforeMs) * Math.min(share * offset, 1));
}

/** From 0 to 1, always the same for a serial number. */
function chanceOf(serial: string): number {
  let hash = 2_166_136_261;
  for (const char of serial) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0;
  return hash / 2 ** 32;
}

/** The answer of an authority that was asked for renewal information. */
export interface WindowAnswer {
  readonly start: string;
  readonly end: string;
  readonly askAgainMs: number;
}

/**
 * What becomes of an answer about a certificate: a moment of its window. It stays while the windows overlap,
 * or one that is moved on at every question would never be reached. A
 * window that cannot be read, runs backwards, or ends too late counts as none.
 *
 * @param chance from 0 to 1
 */
export function adviceOf(
  answer: WindowAnswer,
  certificate: IssuedCertificate,
  earlier: RenewalAdvice | undefined,
  chance: number,
): RenewalAdvice {
  const [startMs, endMs] = [Date.parse(answer.start), Date.parse(answer.end)];
  const { notBeforeMs, notAfterMs } = certificate;
  const latestMs = notBeforeMs + (notAfterMs - notBeforeMs) * LATEST_SHARE;
  const isUsable = Number.isFinite(startMs) && Number.isFinite(endMs) && startMs < endMs && endMs <= latestMs;
  if (!isUsable) return { window: undefined, chosenMs: undefined, askAgainMs: answer.askAgainMs };
  const overlaps = earlier?.window && earlier.window.startMs <= endMs && earlier.window.endMs >= startMs;
  const kept = overlaps ? Math.min(earlier.chosenMs ?? endMs, endMs) : undefined;
  const chosenMs = kept ?? Math.round(startMs + (endMs - startMs) * chance);
  return { window: { startMs, endMs }, chosenMs, askAgainMs: answer.askAgainMs };
}

/** When a certificate is to be renewed. */
export function renewalMomentMs(
  certificate: IssuedCertificate,
  advice: RenewalAdvice | undefined,
  share: number,
): number {
  return advice?.chosenMs ?? renewalByLifetimeMs(certificate, share);
}
