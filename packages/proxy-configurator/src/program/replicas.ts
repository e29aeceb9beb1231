import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { SavedChallenges } from '../acme/challenge-answers.js';
import { PEER_PATHS } from '../api/routes.js';
import { describeServices } from '../api/status.js';
import { createCertificates, type Certificates } from '../certificates/certificates.js';
import type { Config } from '../config/config.js';
import { fingerprint } from '../fingerprint.js';
import { createPeers, type Peers } from '../replicas/peers.js';
import { askForCertificates, createReplicaSync, type Fingerprints } from '../replicas/replica-sync.js';
import { ownAddresses } from '../services/addresses/own-addresses.js';
import type { Memory } from './memory.js';
import type { Serving } from './serving.js';

const UNKNOWN_PEER_PAUSE_MS = 250;
const REPLICA_INTERVAL_MS = 15_000;
/** Another replica answers in milliseconds, on a busy machine in seconds, or is not there, which is known at once. */
const FIRST_CERTIFICATES_LIMIT_MS = 5_000;

/** What the replicas of the proxy share with each other. */
export interface Replicas {
  readonly peers: Peers;
  readonly certificates: Certificates;
  /** What they compare. */
  readonly fingerprints: () => Promise<Fingerprints>;
  /** Before the first configuration: the certificates of those that give them. */
  readonly askForCertificates: () => Promise<void>;
  readonly actor: Actor;
}

export interface ReplicasDeps {
  readonly memory: Memory;
  readonly serving: Pick<Serving, 'runs' | 'metrics'>;
  /** Asked for later than the replicas are put together. */
  readonly pullServices: () => Promise<void>;
  readonly http: HttpClient;
  readonly resolver: NameResolver;
  readonly logger: Logger;
}

/** The replicas are found by the name of the service; nothing is asked before the actor runs. */
export function createReplicas(config: Config, deps: ReplicasDeps): Replicas {
  const { serving, http, resolver, logger } = deps;
  const { store, challenges, certificates: stored } = deps.memory;
  const peers = createPeers({
    serviceName: config.serviceName,
    port: config.listen.port,
    resolver,
    ownAddresses,
    http,
    token: config.apiToken,
    logger,
  });
  const certificates = createCertificates({
    store: stored,
    refresh: () => serving.runs.submit(),
    peers,
    isProtected: config.apiToken !== undefined,
    logger,
  });
  const fingerprints = async () => ({
    services: fingerprint(describeServices(store.entries())),
    certificates: await certificates.fingerprint(),
    acme: fingerprint(`${challenges.thumbprint() ?? ''} ${challenges.saved()?.directory ?? ''}`),
  });
  const actor = createReplicaSync(
    {
      peers,
      own: fingerprints,
      adoptCertificates: (list) => certificates.adopt(list),
      adoptChallenges(answer) {
        const read = SavedChallenges.safeParse(withoutNulls(answer));
        if (read.success) challenges.adopt(read.data);
      },
      pullServices: deps.pullServices,
      onCompared: (different) => serving.metrics.observeReplicas(different),
      logger: logger.child({ part: 'replica-sync' }),
    },
    {
      paths: PEER_PATHS,
      firstPauseMs: config.peerPauseMs,
      unknownPeerPauseMs: UNKNOWN_PEER_PAUSE_MS,
      intervalMs: REPLICA_INTERVAL_MS,
    },
  );
  const first = () =>
    askForCertificates(peers, {
      path: PEER_PATHS.certificates,
      limitMs: FIRST_CERTIFICATES_LIMIT_MS,
      receive: (list) => certificates.receive(list),
      logger,
    });
  return {
    peers,
    certificates,
    fingerprints,
    // Who says how long to wait before others are asked means it.
    askForCertificates: config.peerPauseMs > 0 ? () => Promise.resolve() : first,
    actor,
  };
}

/** An answer of the API says `null` where there is nothing. */
function withoutNulls(answer: unknown): unknown {
  return Object.fromEntries(Object.entries(Object(answer) as object).filter(([, value]) => value !== null));
}
