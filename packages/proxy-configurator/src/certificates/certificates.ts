import { InvalidRequestError, messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { CertificateStore } from './certificate-store.js';
import { fingerprint } from '../fingerprint.js';
import { lacksPrivateKey, readServerCertificate, withoutPrivateKey } from './pem.js';
import type { ListedCertificate } from '../replicas/listed-certificate.js';
import type { Peers } from '../replicas/peers.js';

/** Certificates as callers of the API see them. */
export interface Certificates {
  /**
   * Stores a certificate and makes it live.
   *
   * @throws {InvalidRequestError} when it is none, or HAProxy does not take it; the old one then stays
   */
  put(name: string, pem: string): Promise<void>;
  /** Removes a certificate of the directory; nothing happens when there is none. @throws {InvalidRequestError} when the name is no file name */
  remove(name: string): Promise<void>;
  /**
   * Takes over what another replica has and we have not. Of two certificates of one name the one that was
   * issued later is kept. False when the other replica has kept keys to itself.
   */
  adopt(list: readonly ListedCertificate[]): Promise<boolean>;
  /** The same before anything runs: nothing is made live. */
  receive(list: readonly ListedCertificate[]): Promise<void>;
  /** Differs when names or contents of those of the directory do. */
  fingerprint(): Promise<string>;
  /**
   * Those of the directory; private keys only for who has shown the token, for callers of this machine and for other
   * replicas, and never for a request that came through a proxy.
   */
  list(caller: Caller): Promise<readonly ListedCertificate[]>;
}

/** Who asks. */
export interface Caller {
  readonly address: string | undefined;
  readonly throughProxy: boolean;
}

export interface CertificatesDeps {
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
}: CertificatesDeps): Certificates {
  async function mayHaveKeys(caller: Caller): Promise<boolean> {
    if (caller.throughProxy) return false;
    if (isProtected) return true;
    const address = (caller.address ?? '').replace(/^::ffff:/, '');
    return address.startsWith('127.') || address === '::1' || (await peers.isPeer(address));
  }
  /** True when it has replaced ours. */
  async function adoptOne(name: string, pem: string, ours: string | undefined): Promise<boolean> {
    try {
      if (ours !== undefined && isNewer(ours, pem)) return false;
      return (await store.store(name, pem)) !== undefined;
    } catch (error) {
      logger.warn('Certificate of another replica is left out', {
        certificate: name,
        reason: messageOf(error),
      });
      return false;
    }
  }

  async function storeNew(list: readonly ListedCertificate[]) {
    const own = new Map((await store.list()).map(({ name, pem }) => [name, pem]));
    let complete = true;
    const adopted: string[] = [];
    for (const { ProxyServiceName: name, CertContent: pem } of list) {
      if (pem === own.get(name)) continue;
      if (lacksPrivateKey(pem)) complete = complete && own.has(name);
      else if (await adoptOne(name, pem, own.get(name))) adopted.push(name);
    }
    if (adopted.length > 0)
      logger.info('Certificates copied from another replica', { certificates: adopted });
    return { complete, adopted };
  }

  return {
    async adopt(list) {
      const { complete, adopted } = await storeNew(list);
      if (adopted.length > 0) await refresh();
      return complete;
    },
    async receive(list) {
      await storeNew(list);
    },
    async fingerprint() {
      return fingerprint(JSON.stringify((await store.list()).map(({ name, pem }) => [name, pem])));
    },
    async put(name, pem) {
      const undo = await store.store(name, pem);
      if (!undo) return;
      try {
        await refresh();
        const problem = store.states().find(({ file }) => file.path === store.pathOf(name))?.problem;
        if (problem !== undefined) throw new InvalidRequestError(problem);
        logger.info('Certificate stored', { certificate: name });
      } catch (error) {
        await undo();
        await refresh().catch(() => undefined);
        throw new InvalidRequestError(`HAProxy does not take the certificate ${name}: ${messageOf(error)}`);
      }
    },
    async remove(name) {
      await store.remove(name);
      await refresh();
      logger.info('Certificate removed', { certificate: name });
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

/**
 * Whether the first of two certificates of one name is kept. Of two of the same second it is the longer one,
 * which has the longer chain: both replicas have to come to the same answer, or they would swap for ever.
 */
function isNewer(one: string, other: string): boolean {
  return (
    issuedAt(one) - issuedAt(other) > 0 ||
    (issuedAt(one) === issuedAt(other) &&
      (one.length > other.length || (one.length === other.length && one > other)))
  );
}

/** Milliseconds since 1970; nothing readable is older than everything. */
function issuedAt(pem: string): number {
  try {
    return readServerCertificate(pem).issued.getTime();
  } catch {
    return -Infinity;
  }
}
