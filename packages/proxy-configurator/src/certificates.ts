import { InvalidRequestError, messageOf, type Logger } from '@docker-flow/daemon/without-docker';
import type { CertificateStore } from './adapters/certificate-store.js';
import { withoutPrivateKey } from './adapters/pem.js';
import type { Peers } from './peers.js';

/** One entry of the API's list, in its words. */
export interface ListedCertificate {
  readonly ServicePort: string;
  readonly ProxyServiceName: string;
  readonly CertsDir: string;
  readonly CertContent: string;
}

/** Certificates as callers of the API see them. */
export interface Certificates {
  /**
   * Stores a certificate and makes it live.
   *
   * @throws {InvalidRequestError} when it is none, or HAProxy does not take it; the old one then stays
   */
  put(name: string, pem: string): Promise<void>;
  /** Those of the directory; private keys only for callers of this machine and for other replicas. */
  list(caller: string | undefined): Promise<readonly ListedCertificate[]>;
}

export interface CertificatesOptions {
  readonly store: CertificateStore;
  readonly refresh: () => Promise<unknown>;
  readonly peers: Peers;
  /** The caller has shown the token of the API. */
  readonly isProtected: boolean;
  readonly logger: Logger;
}

export function createCertificates({
  store,
  refresh,
  peers,
  isProtected,
  logger,
}: CertificatesOptions): Certificates {
  async function mayHaveKeys(caller: string | undefined): Promise<boolean> {
    if (isProtected) return true;
    const address = (caller ?? '').replace(/^::ffff:/, '');
    return address.startsWith('127.') || address === '::1' || (await peers.isPeer(address));
  }
  return {
    async put(name, pem) {
      const undo = await store.store(name, pem);
      if (!undo) return;
      try {
        await refresh();
        logger.info('Certificate stored', { certificate: name });
      } catch (error) {
        await undo();
        await refresh().catch(() => undefined);
        throw new InvalidRequestError(`HAProxy does not take the certificate ${name}: ${messageOf(error)}`);
      }
    },
    async list(caller) {
      const withKeys = await mayHaveKeys(caller);
      return (await store.list()).map(({ name, pem }) => ({
        ServicePort: '',
        ProxyServiceName: name,
        CertsDir: '/certs',
        CertContent: withKeys ? pem : withoutPrivateKey(pem),
      }));
    },
  };
}
