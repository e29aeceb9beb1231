/** A certificate that is there, as it is known from its PEM. Times are milliseconds since 1970. */
export interface IssuedCertificate {
  readonly names: readonly string[];
  /** The authority's directory; absent when nobody knows. */
  readonly directory: string | undefined;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Its identifier for renewal information (RFC 9773, section 4.1), where it has one. */
  readonly renewalId: string | undefined;
  /** Whether its private key is known; without it the proxies that have it can serve it, but no others. */
  readonly hasKey: boolean;
}

/** A name that failed and is tried again later, while the others are certified without it. */
export interface LeftOutName {
  readonly reason: string;
  readonly attempts: number;
  readonly nextTryMs: number;
}

/** An order that is under way at the authority; what is needed to finish it after a restart. */
export interface PendingOrder {
  readonly url: string;
  readonly names: readonly string[];
  /** The private key that belongs to it, as PEM. */
  readonly keyPem: string;
  readonly directory: string;
}

/** When the authority would like a certificate to be renewed (RFC 9773). */
export interface RenewalAdvice {
  /** Absent: no window that can be used. */
  readonly window: { readonly startMs: number; readonly endMs: number } | undefined;
  /** The moment within it that was chosen. */
  readonly chosenMs: number | undefined;
  readonly askAgainMs: number;
}

/** Everything that is remembered of one certificate. */
export interface CertificateRecord {
  /** Name of its file on the proxies. */
  readonly certName: string;
  /** Who asked for it last. */
  readonly services: readonly string[];
  /** Which part of the names of its services it is for, from 0. */
  readonly part: number;
  /** The names asked for last. */
  readonly wanted: readonly string[];
  readonly certificate: IssuedCertificate | undefined;
  /** Failed attempts in a row. */
  readonly attempts: number;
  /** No attempt before that, but when somebody demands one. 0: at once. */
  readonly nextTryMs: number;
  /** No attempt before that whoever demands one: the authority has said so. */
  readonly retryAfterMs: number;
  /** What went wrong at the last attempt. */
  readonly problem: string | undefined;
  readonly leftOut: Readonly<Record<string, LeftOutName>>;
  readonly pending: PendingOrder | undefined;
  readonly advice: RenewalAdvice | undefined;
  /** Somebody demands an order now. */
  readonly isDemanded: boolean;
}

export function newRecord(certName: string): CertificateRecord {
  return {
    certName,
    services: [],
    part: 0,
    wanted: [],
    certificate: undefined,
    attempts: 0,
    nextTryMs: 0,
    retryAfterMs: 0,
    problem: undefined,
    leftOut: {},
    pending: undefined,
    advice: undefined,
    isDemanded: false,
  };
}

/** Whether it has not expired. One from the future is good: clocks differ. */
export function isValidAt(certificate: IssuedCertificate | undefined, nowMs: number): boolean {
  return certificate !== undefined && certificate.notAfterMs > nowMs;
}
