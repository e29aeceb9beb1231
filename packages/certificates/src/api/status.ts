import type { CertificateStatus } from '../core/status/certificate-status.js';
import type { RejectedService } from '../services/requests.js';

/** Everything that `status` shows; never a key. */
export interface Status {
  readonly account: {
    readonly directory: string;
    readonly thumbprint: string;
    readonly url: string | null;
    readonly problem: string | null;
  };
  readonly authority: { readonly problem: string | null; readonly pausedUntil: string | null };
  readonly instance: { readonly id: string; readonly owner: string | null };
  readonly proxies: readonly ProxyStatus[];
  readonly certificates: readonly CertificateStatus[];
  /** Services whose requests were not read, or that ask for nothing because a name is misspelt. */
  readonly rejected: readonly RejectedService[];
}

export interface ProxyStatus {
  readonly address: string;
  readonly live: boolean;
  readonly missing: readonly string[];
  readonly problem: string | null;
}
