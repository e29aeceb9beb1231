/** Why these are rejected together; `undefined` when they are accepted. */
export type CheckTogether<T> = (included: ReadonlySet<T>) => Promise<string | undefined>;

/** Up to so many are tried in pairs: that takes 28 checks. */
const MOST_TRIED_IN_PAIRS = 8;

/**
 * Finds those suspects that are rejected, with the reason. Halves the list until single ones are left, each
 * time together with what has already been accepted, because parts depend on each other. The order of the
 * suspects matters: of two that are rejected only together, the later one goes. What is rejected only as long as
 * something behind it is missing comes back: a relabelling action without its target, a certificate without
 * its key.
 */
export async function bisectRejected<T>(
  suspects: readonly T[],
  check: CheckTogether<T>,
): Promise<ReadonlyMap<T, string>> {
  const accepted = new Set<T>();
  /** With the number of accepted ones beside which it was rejected. */
  const rejected = new Map<T, { readonly reason: string; readonly beside: number }>();

  async function sift(part: readonly T[]): Promise<void> {
    const reason = await check(new Set([...accepted, ...part]));
    if (reason === undefined) {
      for (const one of part) accepted.add(one);
      return;
    }
    const [only] = part;
    if (part.length === 1 && only !== undefined) {
      rejected.set(only, { reason, beside: accepted.size });
      return;
    }
    const middle = Math.ceil(part.length / 2);
    await sift(part.slice(0, middle));
    await sift(part.slice(middle));
  }

  /** Whether these are accepted beside what is accepted by now; then they are not rejected any more. */
  async function clears(some: readonly T[]): Promise<boolean> {
    if ((await check(new Set([...accepted, ...some]))) !== undefined) return false;
    for (const one of some) {
      rejected.delete(one);
      accepted.add(one);
    }
    return true;
  }

  async function clearsOne(): Promise<boolean> {
    for (const [one, { reason, beside }] of rejected) {
      if (beside === accepted.size) continue;
      if (await clears([one])) return true;
      rejected.set(one, { reason, beside: accepted.size });
    }
    return false;
  }

  async function clearsPair(): Promise<boolean> {
    if (rejected.size > MOST_TRIED_IN_PAIRS) return false;
    const left = [...rejected.keys()];
    for (const [i, one] of left.entries())
      for (const other of left.slice(i + 1)) if (await clears([one, other])) return true;
    return false;
  }

  if (suspects.length > 0) await sift(suspects);
  while ((await clearsOne()) || (await clearsPair()));
  return new Map([...rejected].map(([one, { reason }]) => [one, reason]));
}
