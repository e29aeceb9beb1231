import type { Challenge, Issue, KeyType, RefusedName } from '@docker-flow/labels';
import { compareBytes } from '@docker-flow/labels';
import type { ServiceRequest } from './service-request.js';

/** One certificate that is wanted: for one set of names, by all services that ask for exactly this set. */
export interface Wish {
  /** Sorted. Empty: every name was refused. */
  readonly names: readonly string[];
  /** Sorted. */
  readonly services: readonly string[];
  /** Which part of the names of its services, from 0. */
  readonly part: number;
  readonly challenge: Challenge;
  readonly keyType: KeyType;
  readonly profile: string | undefined;
  readonly forbidden: string | undefined;
  readonly refused: readonly RefusedName[];
  readonly issues: readonly Issue[];
}

const MOST_NAMES = 100;
/** Profiles of Let's Encrypt whose certificates are for fewer names. */
const FEW_NAMES: Readonly<Record<string, number>> = { tlsserver: 25, shortlived: 25 };

/** The certificates that are wanted, whatever the order in which the requests came. */
export function collectWishes(requests: readonly ServiceRequest[]): readonly Wish[] {
  const wishes = new Map<string, Wish>();
  const sorted = [...requests].sort((a, b) => compareBytes(a.service, b.service));
  for (const request of sorted) {
    for (const [part, names] of parts(request).entries()) {
      // Services without a name share nothing.
      const key = names.length === 0 ? `service ${request.service}` : `${part} ${names.join(' ')}`;
      const known = wishes.get(key);
      wishes.set(key, known ? shared(known, request) : wishOf(request, part, names));
    }
  }
  return [...wishes.values()];
}

function parts({ names, profile }: ServiceRequest): readonly (readonly string[])[] {
  const most = FEW_NAMES[profile ?? ''] ?? MOST_NAMES;
  if (names.length <= most) return [names];
  return Array.from({ length: Math.ceil(names.length / most) }, (_, i) =>
    names.slice(i * most, (i + 1) * most),
  );
}

function wishOf(request: ServiceRequest, part: number, names: readonly string[]): Wish {
  const { service, challenge, keyType, profile, forbidden, refused, issues } = request;
  return {
    names,
    services: [service],
    part,
    challenge,
    keyType,
    profile,
    forbidden,
    refused: part === 0 ? refused : [],
    issues: part === 0 ? issues : [],
  };
}

/** How it is ordered is what the first service by name says. */
function shared(wish: Wish, { service, forbidden, refused, issues }: ServiceRequest): Wish {
  return {
    ...wish,
    services: [...wish.services, service],
    forbidden: wish.forbidden === undefined ? undefined : forbidden,
    refused: [
      ...wish.refused,
      ...refused.filter(({ name }) => wish.refused.every((one) => one.name !== name)),
    ],
    issues: [...wish.issues, ...issues],
  };
}
