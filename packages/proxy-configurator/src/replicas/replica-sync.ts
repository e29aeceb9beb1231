import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { ListedCertificate } from '../certificates/certificates.js';
import type { Peers } from './peers.js';

/** What two replicas compare: equal texts mean equal services and equal certificates. */
export interface Fingerprints {
  readonly services: string;
  readonly certificates: string;
}

export interface ReplicaSync {
  readonly actor: Actor;
  /** How many other replicas served something else when they were last asked. */
  readonly outOfSync: () => number;
}

export interface ReplicaSyncOptions {
  readonly peers: Peers;
  /** Paths of the API of a replica. */
  readonly paths: { readonly fingerprint: string; readonly certificates: string };
  readonly own: () => Promise<Fingerprints>;
  /** Takes what is new in the certificates of another replica; false when their keys were withheld. */
  readonly adoptCertificates: (list: readonly ListedCertificate[]) => Promise<boolean>;
  /** Asks for the whole list of services again. */
  readonly pullServices: () => Promise<void>;
  /** Pause before the first look, as `DNS_LOOKUP_PAUSE_MS` says. */
  readonly firstPauseMs: number;
  /** Pause between two looks while others still withhold their keys, because Swarm does not know us yet. */
  readonly strangerPauseMs: number;
  readonly intervalMs: number;
  readonly logger: Logger;
}

/** Where replicas of the original always answered, and still do while a service is being upgraded. */
const ORIGINAL_PORT = 8080;
/** A certificate without key may also be one that never has any: after so many looks it is let be. */
const MAX_LOOKS_AS_STRANGER = 500;

/**
 * Keeps the replicas of a proxy alike: a new one copies the certificates that the others were given through
 * the API, and all compare now and then what they serve. A difference that is still there at the next look
 * is no change on its way but a loss, and is healed by asking the listener for all services.
 */
export function createReplicaSync(options: ReplicaSyncOptions): ReplicaSync {
  const { peers, paths, own, logger } = options;
  let different = 0;
  let lastDifference: string | undefined;
  /** What asking for everything has not healed, because one of us cannot serve a service: asking again would not. */
  let lastHealed: string | undefined;

  /** False when certificates of others could not be had with their keys. */
  async function copyCertificates(): Promise<boolean> {
    const answers = await peers.ask(paths.certificates, ORIGINAL_PORT);
    let complete = true;
    for (const answer of answers) {
      const { Certs } = JSON.parse(answer) as { Certs: readonly ListedCertificate[] | null };
      complete = (await options.adoptCertificates(Certs ?? [])) && complete;
    }
    return complete;
  }

  async function compare(): Promise<void> {
    const mine = await own();
    const others = (await peers.ask(paths.fingerprint)).map((text) => JSON.parse(text) as Fingerprints);
    const differing = others.filter(
      ({ services, certificates }) => services !== mine.services || certificates !== mine.certificates,
    );
    different = differing.length;
    if (differing.some(({ certificates }) => certificates !== mine.certificates)) await copyCertificates();
    const services = [mine, ...differing].map((one) => one.services);
    const difference = new Set(services).size > 1 ? services.join(' ') : undefined;
    if (difference !== undefined && difference === lastDifference && difference !== lastHealed) {
      lastHealed = difference;
      logger.warn('Another replica serves other services, asking the listener for all', { different });
      await options.pullServices();
    }
    lastDifference = difference;
  }

  /** Answers the pause until the next look. */
  async function look(looksAsStranger: number): Promise<{ isKnown: boolean; pauseMs: number }> {
    const isStranger = looksAsStranger > 0 && looksAsStranger <= MAX_LOOKS_AS_STRANGER;
    if (isStranger && !(await copyCertificates())) {
      return { isKnown: false, pauseMs: options.strangerPauseMs };
    }
    await compare();
    return { isKnown: true, pauseMs: options.intervalMs };
  }

  return {
    outOfSync: () => different,
    actor: {
      name: 'replica-sync',
      async run(signal) {
        const stopped = () => signal.aborted;
        let pauseMs = options.firstPauseMs;
        let looksAsStranger = 1;
        for (;;) {
          if (pauseMs > 0) await sleep(pauseMs, signal);
          if (stopped()) return;
          try {
            const { isKnown, pauseMs: next } = await look(looksAsStranger);
            looksAsStranger = isKnown ? 0 : looksAsStranger + 1;
            pauseMs = next;
          } catch (error) {
            // Swarm may know no tasks of us: a proxy that is no service, or has another name than SERVICE_NAME.
            logger.debug('Other replicas could not be compared with', { reason: messageOf(error) });
            different = 0;
            pauseMs = looksAsStranger > 0 ? 4 * options.strangerPauseMs : options.intervalMs;
            if (looksAsStranger > 0) looksAsStranger = (looksAsStranger + 1) % MAX_LOOKS_AS_STRANGER;
          }
        }
      },
    },
  };
}
