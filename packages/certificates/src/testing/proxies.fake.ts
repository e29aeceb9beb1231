import type { Certificates, Proxies } from '../ports.js';

/** One replica that remembers what it is told. */
export interface FakeReplica {
  readonly files: Map<string, string>;
  thumbprint: string | undefined;
  directory: string | undefined;
  owner: string | undefined;
  isDown: boolean;
  /** Why it takes no certificate. */
  refusal: string | undefined;
}

export interface FakeProxies extends Proxies {
  replica(address: string): FakeReplica;
  addReplica(address: string): FakeReplica;
  /** Certificates that were sent, in order. */
  readonly sent: string[];
}

/** Replicas of a proxy in memory. */
export function createFakeProxies(): FakeProxies {
  const replicas = new Map<string, FakeReplica>();
  const sent: string[] = [];
  const at = (address: string): FakeReplica => {
    const found = replicas.get(address);
    if (!found || found.isDown) throw new Error(`${address} does not answer`);
    return found;
  };
  const answer = <T>(address: string, make: (replica: FakeReplica) => T): Promise<T> => {
    try {
      return Promise.resolve(make(at(address)));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    sent,
    replica: at,
    addReplica(address) {
      const replica: FakeReplica = {
        files: new Map(),
        thumbprint: undefined,
        directory: undefined,
        owner: undefined,
        isDown: false,
        refusal: undefined,
      };
      replicas.set(address, replica);
      return replica;
    },
    addresses: () => Promise.resolve([...replicas.keys()].sort()),
    challenges: (address) =>
      answer(address, ({ thumbprint, directory, owner }) => ({
        thumbprint,
        directory,
        owner,
        isLive: thumbprint !== undefined,
      })),
    claim: (address, { thumbprint, owner, directory }) =>
      answer(address, (replica) => {
        if (replica.owner !== undefined && replica.owner !== owner)
          return { kind: 'kept', owner: replica.owner };
        Object.assign(replica, { thumbprint, owner, directory });
        return { kind: 'live' };
      }),
    release: (address, owner) =>
      answer(address, (replica) => {
        if (replica.owner === owner) replica.owner = undefined;
      }),
    fingerprint: (address) => answer(address, ({ files }) => JSON.stringify([...files])),
    certificates: (address) => answer(address, ({ files }) => new Map(files)),
    store: (address, certName, pem, distribute) =>
      answer(address, (replica) => {
        if (replica.refusal !== undefined) return replica.refusal;
        sent.push(`${address} ${certName}`);
        for (const one of distribute ? replicas.values() : [replica]) one.files.set(certName, pem);
        return undefined;
      }),
    remove: (address, certName) => answer(address, ({ files }) => void files.delete(certName)),
  };
}

/** A PEM of tests: what it says is in it as JSON. */
export function fakePem(facts: ReturnType<Certificates['read']>): string {
  return JSON.stringify(facts);
}

/** Reads the PEMs of tests. */
export const fakeCertificates: Certificates = {
  createKey: () => Promise.resolve('key'),
  createRequest: () => Promise.resolve('request'),
  read: (pem) => JSON.parse(pem) as ReturnType<Certificates['read']>,
  join: (chain) => chain,
};
