import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { adviceOf } from '../core/renewal/renewal-moment.js';
import { AuthorityError, type Authority, type Chance, type WallClock } from '../ports.js';
import type { Book } from '../store/book.js';

export interface AskRenewalDeps {
  readonly book: Book;
  readonly authority: Pick<Authority, 'directory' | 'renewalInfo'>;
  readonly directoryUrl: string;
  readonly isWanted: (certName: string) => boolean;
  readonly clock: WallClock;
  readonly chance: Chance;
  readonly logger: Logger;
}

/** Asks the authority when each certificate should be renewed, where it offers that and its time has come. */
export async function askRenewal(deps: AskRenewalDeps, signal: AbortSignal): Promise<void> {
  const { book, authority, clock } = deps;
  const due = book.list().filter(({ certName, certificate, advice }) => {
    const isOurs = certificate?.directory === undefined || certificate.directory === deps.directoryUrl;
    const isAskedFor = certificate?.renewalId !== undefined && isOurs && deps.isWanted(certName);
    return isAskedFor && (advice?.askAgainMs ?? 0) <= clock.nowMs();
  });
  if (due.length === 0) return;
  try {
    if (!(await authority.directory()).hasRenewalInfo) return;
    for (const { certName } of due) {
      if (signal.aborted) return;
      await askOne(certName, deps);
    }
  } catch (error) {
    // Without it certificates are renewed by their age.
    deps.logger.debug('Renewal information cannot be had', { reason: messageOf(error) });
  }
}

async function askOne(certName: string, { book, authority, chance, clock }: AskRenewalDeps): Promise<void> {
  const asked = book.get(certName)?.certificate;
  if (asked?.renewalId === undefined) return;
  const answer = await authority.renewalInfo(asked.renewalId).catch((error: unknown) => {
    // Of this certificate it knows nothing; others may be known.
    if (error instanceof AuthorityError && error.problem.status === 404) return undefined;
    throw error;
  });
  const record = book.get(certName);
  if (record?.certificate?.serial !== asked.serial) return;
  const none = { window: undefined, chosenMs: undefined, askAgainMs: clock.nowMs() + UNKNOWN_AGAIN_MS };
  const advice = answer ? adviceOf(answer, asked, record.advice, chance()) : none;
  await book.put({ ...record, advice });
}

const UNKNOWN_AGAIN_MS = 6 * 3_600_000;
