import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { ListedCertificate } from './listed-certificate.js';
import type { Peers } from './peers.js';

/** What two replicas compare: equal texts mean equal services and equal certificates. */
export interface Fingerprints {
  readonly services: string;
  readonly certificates: string;
  /** Whose challenges are answered; absent: an older version. */
  readonly acme?: string;
}

export interface ReplicaSyncDeps {
  readonly peers: Peers;
  readonly own: () => Promise<Fingerprints>;
  /** Takes what is new in the certificates of another replica; false when their keys were withheld. */
  readonly adoptCertificates: (list: readonly ListedCertificate[]) => Promise<boolean>;
  /** Learns whose challenges another replica answers, from the answer of its API. */
  readonly adoptChallenges: (answer: unknown) => void;
  /** Asks for the whole list of services again. */
  readonly pullServices: () => Promise<void>;
  /** How many other replicas serve something else, whenever they were asked. */
  readonly onCompared: (different: number) => void;
  readonly logger: Logger;
}

export interface ReplicaSyncOptions {
  /** Paths of the API of a replica. */
  readonly paths: { readonly fingerprint: string; readonly certificates: string; readonly acme: string };
  /** Pause before the first look, as `DNS_LOOKUP_PAUSE_MS` says. */
  readonly firstPauseMs: number;
  /** Pause between two looks while others still withhold their keys, because Swarm does not know us yet. */
  readonly unknownPeerPauseMs: number;
  readonly intervalMs: number;
}

/** Where replicas of the original always answered, and still do while a service is being upgraded. */
const ORIGINAL_PORT = 8080;
/** A certificate without key may also be one that never has any: after so many looks it is let be. */
const MAX_UNKNOWN_PEER_ATTEMPTS = 500;

/**
 * Asks the other replicas for their certificates, once: before the first configuration, so that nobody is shown a
 * stand-in for what they have. Never waits longer than the limit.
 */
export async function askForCertificates(
  peers: Pick<Peers, 'ask'>,
  { path, limitMs, receive, logger }: FirstCertificates,
): Promise<void> {
  const over = new AbortController();
  const copy = async () => {
    for (const list of await certificatesOf(peers, path)) await receive(list);
  };
  const asked = copy().catch((error: unknown) => {
    logger.debug('Other replicas could not be asked for certificates', { reason: messageOf(error) });
  });
  await Promise.race([asked, sleep(limitMs, over.signal)]);
  over.abort();
}

export interface FirstCertificates {
  readonly path: string;
  readonly limitMs: number;
  readonly receive: (list: readonly ListedCertificate[]) => Promise<void>;
  readonly logger: Logger;
}

/** What each of them shows. */
async function certificatesOf(
  peers: Pick<Peers, 'ask'>,
  path: string,
): Promise<readonly (readonly ListedCertificate[])[]> {
  const answers = await peers.ask(path, ORIGINAL_PORT);
  return answers.map(
    (answer) => (JSON.parse(answer) as { Certs: readonly ListedCertificate[] | null }).Certs ?? [],
  );
}

/**
 * Keeps the replicas of a proxy alike: a new one copies the certificates that the others were given through
 * the API, and all compare now and then what they serve. A difference that is still there at the next look
 * is no change on its way but a loss, and is healed by asking the listener for all services.
 */
export function createReplicaSync(deps: ReplicaSyncDeps, options: ReplicaSyncOptions): Actor {
  const { peers, own, logger } = deps;
  const { paths } = options;
  let lastDifference: string | undefined;
  /** What asking for everything has not healed, because one of us cannot serve a service: asking again would not. */
  let lastHealed: string | undefined;

  /** False when certificates of others could not be had with their keys. */
  async function copyCertificates(): Promise<boolean> {
    let complete = true;
    for (const list of await certificatesOf(peers, paths.certificates)) {
      complete = (await deps.adoptCertificates(list)) && complete;
    }
    return complete;
  }

  async function copyChallenges(): Promise<void> {
    for (const answer of await peers.ask(paths.acme)) deps.adoptChallenges(JSON.parse(answer));
  }

  async function compare(): Promise<void> {
    const mine = await own();
    const others = (await peers.ask(paths.fingerprint)).map((text) => JSON.parse(text) as Fingerprints);
    const differing = others.filter(
      ({ services, certificates, acme }) =>
        services !== mine.services || certificates !== mine.certificates || acme !== mine.acme,
    );
    deps.onCompared(differing.length);
    if (differing.some(({ certificates }) => certificates !== mine.certificates)) await copyCertificates();
    if (differing.some(({ acme }) => acme !== mine.acme)) await copyChallenges();
    const services = [mine, ...differing].map((one) => one.services);
    const difference = new Set(services).size > 1 ? services.join(' ') : undefined;
    if (difference !== undefined && difference === lastDifference && difference !== lastHealed) {
      lastHealed = difference;
      logger.warn('Another replica serves other services, asking the listener for all', {
        different: differing.length,
      });
      await deps.pullServices();
    }
    lastDifference = difference;
  }

  /** Answers the pause until the next look. */
  async function look(unknownPeerAttempts: number): Promise<{ isKnown: boolean; pauseMs: number }> {
    const isUnknown = unknownPeerAttempts > 0 && unknownPeerAttempts <= MAX_UNKNOWN_PEER_ATTEMPTS;
    if (isUnknown && !(await copyCertificates())) {
      return { isKnown: false, pauseMs: options.unknownPeerPauseMs };
    }
    await compare();
    return { isKnown: true, pauseMs: options.intervalMs };
  }

  return {
    name: 'replica-sync',
    async run(signal) {
      let pauseMs = options.firstPauseMs;
      let unknownPeerAttempts = 1;
      for (;;) {
        if (pauseMs > 0) await sleep(pauseMs, signal);
        if (isAborted(signal)) return;
        try {
          const { isKnown, pauseMs: next } = await look(unknownPeerAttempts);
          unknownPeerAttempts = isKnown ? 0 : unknownPeerAttempts + 1;
          pauseMs = next;
        } catch (error) {
          // Swarm may know no tasks of us: a proxy that is no service, or has another name than SERVICE_NAME.
          logger.debug('Other replicas could not be compared with', { reason: messageOf(error) });
          deps.onCompared(0);
          pauseMs = unknownPeerAttempts > 0 ? 4 * options.unknownPeerPauseMs : options.intervalMs;
          if (unknownPeerAttempts > 0)
            unknownPeerAttempts = (unknownPeerAttempts + 1) % MAX_UNKNOWN_PEER_ATTEMPTS;
        }
      }
    },
  };
}
