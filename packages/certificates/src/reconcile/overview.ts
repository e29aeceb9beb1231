import type { Account } from '../account/account.js';
import type { Status } from '../api/status.js';
import { certificateStatus, timeText, type CertificateStatus } from '../core/status/certificate-status.js';
import type { CertificateRecord } from '../core/model/certificate-record.js';
import { renewalMomentMs } from '../core/renewal/renewal-moment.js';
import type { RenewalNote } from '../ports.js';
import type { Delivery } from '../delivery/delivery.js';
import type { Sampled } from '../metrics.js';
import type { LookFromInside } from '../orders/look-from-inside.js';
import type { OrderRunner } from '../orders/order-runner.js';
import type { Pauses } from '../orders/pauses.js';
import type { WantedCertificates } from '../orders/wanted-certificates.js';
import type { AuthorityClock } from '../services/authority-clock.js';
import type { Book } from '../store/book.js';
import type { StateDirectory } from '../store/state-directory.js';
import type { CertificateLoop } from './certificate-loop.js';

/** The proxies take two megabytes. */
const MOST_TOLD = 4_000;
const LONGEST_PROBLEM = 300;

export interface OverviewDeps {
  readonly book: Book;
  readonly wanted: WantedCertificates;
  readonly loop: Pick<CertificateLoop, 'schedule' | 'services'>;
  readonly runner: OrderRunner;
  readonly delivery: Delivery;
  readonly pauses: Pauses;
  readonly account: Account;
  readonly inside: LookFromInside;
  readonly state: Pick<StateDirectory, 'problem'>;
  readonly clock: AuthorityClock;
  /** Profiles that the authority offers; `undefined` while nobody knows. */
  readonly profiles: () => readonly string[] | undefined;
}

/** Everything as it is right now, for people and for metrics. */
export interface Overview {
  status(): Status;
  /** What the proxies are told. */
  renewals(): readonly RenewalNote[];
  sample(): Sampled;
  /** Why the program cannot do its work; `undefined` when it can. An authority in trouble is no reason. */
  notReady(): string | undefined;
}

export function createOverview(
  deps: OverviewDeps,
  options: { readonly directoryUrl: string; readonly instance: string; readonly renewAt: number },
): Overview {
  const { book, wanted, loop, delivery, pauses, account, clock } = deps;
  const { directoryUrl, instance, renewAt } = options;

  function certificateOf(record: CertificateRecord): CertificateStatus {
    const { certName } = record;
    const wish = wanted.wish(certName);
    const { waiting, covered } = loop.schedule();
    return certificateStatus(record, {
      wish,
      covered: covered.get(certName) ?? [],
      isOrdering: deps.runner.isRunning(certName),
      waiting: waiting.get(certName),
      notice: profileNotice(wish?.profile),
      undelivered: delivery.refusal(certName),
      isDelivered: delivery.isDelivered(certName),
      hints: wish ? deps.inside.hints(wish.names) : [],
      warnings: delivery
        .foreign(record.certificate?.names ?? [])
        .map((one) => `${one} on the proxies covers some of these names too, and may be shown instead`),
      nowMs: clock.nowMs(),
      renewAt,
    });
  }

  function profileNotice(profile: string | undefined): string | undefined {
    const offered = deps.profiles();
    if (profile === undefined || offered === undefined || offered.includes(profile)) return undefined;
    return `the authority offers no profile ${profile}: ordered without`;
  }

  /** Of services that are covered by the certificate of others there is nothing else to show. */
  function records(): readonly CertificateRecord[] {
    const covered = new Set([...loop.schedule().covered.values()].flat());
    return book
      .list()
      .filter(
        ({ services, certificate }) =>
          certificate !== undefined || !services.every((one) => covered.has(one)),
      )
      .sort((a, b) => (a.certName < b.certName ? -1 : 1));
  }

  return {
    status: () => ({
      account: {
        directory: directoryUrl,
        thumbprint: account.thumbprint,
        url: account.url() ?? null,
        problem: pauses.accountProblem() ?? null,
      },
      authority: { problem: pauses.authorityProblem() ?? null, pausedUntil: textOf(pauses.untilMs()) },
      instance: {
        id: instance,
        owner: delivery.standsBy() ?? (delivery.condition() === undefined ? instance : null),
      },
      proxies: delivery.views().map((view) => ({
        address: view.address,
        live: view.isLive,
        missing: delivery.missing(view),
        problem: view.problem ?? view.notLive ?? null,
      })),
      certificates: records().map(certificateOf),
      rejected: loop.services().rejected,
    }),
    renewals: () =>
      records()
        .slice(0, MOST_TOLD)
        .map((record) => {
          const { certName, renewAt: at, problem } = certificateOf(record);
          return { certName, renewAt: at, problem: problem?.slice(0, LONGEST_PROBLEM) ?? null };
        }),
    sample() {
      const certificates = records().map((record) => {
        const { certName, services, problem } = certificateOf(record);
        const { certificate, advice } = record;
        const isWanted = wanted.wish(certName) !== undefined;
        return {
          certName,
          services,
          expiresMs: certificate?.notAfterMs,
          lifetimeMs: certificate && certificate.notAfterMs - certificate.notBeforeMs,
          renewAtMs: certificate && isWanted ? renewalMomentMs(certificate, advice, renewAt) : undefined,
          hasProblem: problem !== null,
        };
      });
      return {
        certificates,
        ordersUnderWay: deps.runner.count(),
        undelivered: book
          .list()
          .filter(({ certName, certificate }) => certificate && !delivery.isDelivered(certName)).length,
        isAuthorityUp: pauses.authorityProblem() === undefined,
        clockOffsetMs: clock.offsetMs(),
        isOwner: delivery.standsBy() === undefined && delivery.views().some(({ isLive }) => isLive),
      };
    },
    notReady() {
      const owner = delivery.standsBy();
      if (owner !== undefined) return `standing by: ${owner} is the owner of the proxies`;
      const problem = deps.state.problem();
      if (problem !== undefined) return problem;
      const isThere = delivery.views().some((view) => view.problem === undefined);
      return isThere ? undefined : 'no proxy is reachable';
    },
  };
}

function textOf(ms: number | undefined): string | null {
  return ms === undefined ? null : timeText(ms);
}
