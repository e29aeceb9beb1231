import { z } from 'zod/v3';

const MOST_CERTIFICATES = 20_000;
const LONGEST_TEXT = 2_000;

/** What the program that orders certificates says of them beside its claim. */
export const ToldCertificates = z.object({
  certificates: z
    .array(
      z.object({
        certName: z.string().max(LONGEST_TEXT),
        /** ISO; absent: it is not renewed. */
        renewAt: z.string().datetime().nullish(),
        /** One sentence about the last attempt. */
        problem: z.string().max(LONGEST_TEXT).nullish(),
      }),
    )
    .max(MOST_CERTIFICATES),
});
export type ToldCertificates = z.infer<typeof ToldCertificates>;

/** When a certificate is renewed, and what the last attempt came to. */
export interface RenewalNote {
  readonly renewAt: string | undefined;
  readonly problem: string | undefined;
}

/** What is known of renewals: only what an owner says whose time runs, for nobody else will renew anything. */
export interface RenewalNotes {
  tell(owner: string, told: ToldCertificates): void;
  of(certName: string): RenewalNote | undefined;
}

/** @param owner whose time runs */
export function createRenewalNotes(owner: () => string | undefined): RenewalNotes {
  let known: { readonly by: string; readonly notes: ReadonlyMap<string, RenewalNote> } | undefined;
  return {
    tell(by, { certificates }) {
      const notes = certificates.map(({ certName, renewAt, problem }): [string, RenewalNote] => [
        certName,
        { renewAt: renewAt ?? undefined, problem: problem ?? undefined },
      ]);
      known = { by, notes: new Map(notes) };
    },
    of: (certName) => (known?.by === owner() ? known?.notes.get(certName) : undefined),
  };
}
