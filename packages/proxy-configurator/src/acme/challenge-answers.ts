import { z } from 'zod/v3';

/** 256 bits as base64url: the SHA-256 of the account's key (RFC 7638). */
export const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** Which account's challenges the proxy answers. */
export const SavedChallenges = z.object({
  thumbprint: z.string().regex(THUMBPRINT),
  /** The authority that its certificates come from. */
  directory: z.string().optional(),
  /** When somebody said so, in milliseconds since 1970: of two replicas the later one is right. */
  since: z.number(),
});

export type SavedChallenges = z.infer<typeof SavedChallenges>;

export interface ChallengeClaim {
  readonly thumbprint: string;
  readonly directory: string | undefined;
  /** Who keeps others away for `ttlMs`; absent: nobody is kept away. */
  readonly owner: string | undefined;
  readonly ttlMs: number;
}

/** The account whose challenges are answered, and the one program that may change it for a while. */
export interface ChallengeAnswers {
  thumbprint(): string | undefined;
  saved(): SavedChallenges | undefined;
  /** The owner whose time runs. */
  owner(): string | undefined;
  /** Takes a claim; answers the owner that keeps it away, if there is one. */
  claim(claim: ChallengeClaim): { readonly keptBy: string | undefined };
  release(owner: string): void;
  /** What another replica was told: when it is newer than ours, it counts here, too. */
  adopt(other: SavedChallenges): void;
}

export interface ChallengeAnswersOptions {
  readonly saved: SavedChallenges | undefined;
  /** `ACME_THUMBPRINT`: set by hand, until a program says another. */
  readonly byHand: string | undefined;
  /** Another account or authority counts now. */
  readonly onChange: () => void;
  readonly nowMs: () => number;
  /** A clock that never goes back. */
  readonly steadyMs: () => number;
}

export function createChallengeAnswers(options: ChallengeAnswersOptions): ChallengeAnswers {
  const { byHand, onChange, nowMs, steadyMs } = options;
  const isKept = byHand === undefined || options.saved?.thumbprint === byHand;
  let known: SavedChallenges | undefined = isKept
    ? options.saved
    : { thumbprint: byHand, directory: undefined, since: nowMs() };
  let lease: { readonly owner: string; readonly endsAtMs: number } | undefined;

  function owner(): string | undefined {
    return lease && lease.endsAtMs > steadyMs() ? lease.owner : undefined;
  }

  return {
    thumbprint: () => known?.thumbprint,
    saved: () => known,
    owner,
    claim({ thumbprint, directory, owner: claimant, ttlMs }) {
      const current = owner();
      if (current !== undefined && current !== claimant) return { keptBy: current };
      if (claimant !== undefined) lease = { owner: claimant, endsAtMs: steadyMs() + ttlMs };
      if (known?.thumbprint !== thumbprint || known.directory !== directory) {
        known = { thumbprint, directory, since: nowMs() };
        onChange();
      }
      return { keptBy: undefined };
    },
    release(name) {
      if (lease?.owner === name) lease = undefined;
    },
    adopt(other) {
      if (known && known.since >= other.since) return;
      known = other;
      onChange();
    },
  };
}
