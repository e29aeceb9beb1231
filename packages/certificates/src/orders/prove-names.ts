import { createSemaphore } from '@docker-flow/daemon/concurrency/semaphore';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Challenge } from '@docker-flow/labels';
import { baseOf } from '../core/names/covers.js';
import { describeProblem, type FailedName } from '../core/orders/failure.js';
import { challengeFor } from '../core/wishes/service-request.js';
import type { AuthorityAccount, Authorization, AuthorizationChallenge, DnsWriter, Order } from '../ports.js';
import type { Polling } from './polling.js';

export interface ProofDeps {
  readonly account: AuthorityAccount;
  readonly dns: DnsWriter | undefined;
  readonly polling: Polling;
}

const AT_ONCE = 10;

/**
 * Shows the authority that the names of an order are ours. Answers those that failed, all at once, so that the rest
 * can be ordered without trying one after the other.
 *
 * @throws {AuthorityError} when the authority is in trouble
 */
export async function proveNames(
  order: Order,
  challenge: Challenge,
  deps: ProofDeps,
  signal: AbortSignal,
): Promise<readonly FailedName[]> {
  const places = createSemaphore(AT_ONCE);
  const results = await Promise.all(
    order.authorizations.map((url) => places.run(() => proveName(url, challenge, deps, signal))),
  );
  return results.flatMap((failed) => failed ?? []);
}

async function proveName(
  url: string,
  wanted: Challenge,
  { account, dns, polling }: ProofDeps,
  signal: AbortSignal,
): Promise<FailedName | undefined> {
  const authorization = await account.authorization(url);
  const { name, status } = authorization;
  if (status === 'valid') return undefined;
  if (status !== 'pending') return failureOf(authorization);
  const type = challengeFor(name, wanted);
  const challenge = authorization.challenges.find((one) => one.type === type);
  if (!challenge) return { name, reason: `the authority offers no ${type} for it` };
  const decide = async (): Promise<FailedName | undefined> => {
    if (challenge.status === 'pending') await account.answered(challenge);
    const ended = await polling.until(
      () => account.authorization(url),
      (one) => one.status !== 'pending',
      signal,
    );
    if (!ended) return { name, reason: `the authority did not decide about ${type} in time` };
    return ended.status === 'valid' ? undefined : failureOf(ended);
  };
  if (type === 'http-01') return decide();
  if (!dns) return { name, reason: 'it needs DNS-01, and DNS_PROVIDER is not set' };
  return withRecord(name, await account.dnsAnswer(challenge), dns, decide, signal);
}

/** The record is there while the authority looks for it, and gone afterwards, also after failures. */
async function withRecord(
  name: string,
  value: string,
  dns: DnsWriter,
  decide: () => Promise<FailedName | undefined>,
  signal: AbortSignal,
): Promise<FailedName | undefined> {
  const domain = baseOf(name);
  try {
    try {
      await dns.add(domain, value, signal);
    } catch (error) {
      return { name, reason: `the record for DNS-01 could not be written: ${messageOf(error)}` };
    }
    await dns.settled(domain, value, signal);
    return await decide();
  } finally {
    await dns.remove(domain, value).catch(() => undefined);
  }
}

function failureOf({ name, status, challenges }: Authorization): FailedName {
  const problem = challenges.find((one: AuthorizationChallenge) => one.problem)?.problem;
  return { name, reason: problem ? describeProblem(problem) : `the authorization is ${status}` };
}
