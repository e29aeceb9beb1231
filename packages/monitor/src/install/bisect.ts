/** Why the files are refused with these suspects in them; `undefined` when they are fine. */
export type TrySuspects<T> = (included: ReadonlySet<T>) => Promise<string | undefined>;

/** Up to so many are tried in pairs: that takes 28 checks. */
const MOST_TRIED_IN_PAIRS = 8;

/**
 * Finds those suspects that cannot stay, with the reason. Halves the list until single ones are left, each
 * time together with what has already proved good, because parts depend on each other. The order of the
 * suspects matters: of two that are refused only together, the later one goes. What is refused only as long as
 * something behind it is missing comes back: a relabelling action without its target, a certificate without
 * its key.
 */
export async function isolateCulprits<T>(
  suspects: readonly T[],
  refusal: TrySuspects<T>,
): Promise<ReadonlyMap<T, string>> {
  const good = new Set<T>();
  /** With the number of good ones beside which it was refused. */
  const culprits = new Map<T, { readonly reason: string; readonly beside: number }>();

  async function sift(part: readonly T[]): Promise<void> {
    const reason = await refusal(new Set([...good, ...part]));
    if (reason === undefined) {
      for (const one of part) good.add(one);
      return;
    }
    const [only] = part;
    if (part.length === 1 && only !== undefined) {
      culprits.set(only, { reason, beside: good.size });
      return;
    }
    const middle = Math.ceil(part.length / 2);
    await sift(part.slice(0, middle));
    await sift(part.slice(middle));
  }

  /** Whether these are fine beside what is good by now; then they are no culprits. */
  async function clears(some: readonly T[]): Promise<boolean> {
    if ((await refusal(new Set([...good, ...some]))) !== undefined) return false;
    for (const one of some) {
      culprits.delete(one);
      good.add(one);
    }
    return true;
  }

  async function clearsOne(): Promise<boolean> {
    for (const [one, { reason, beside }] of culprits) {
      if (beside === good.size) continue;
      if (await clears([one])) return true;
      culprits.set(one, { reason, beside: good.size });
    }
    return false;
  }

  async function clearsPair(): Promise<boolean> {
    if (culprits.size > MOST_TRIED_IN_PAIRS) return false;
    const left = [...culprits.keys()];
    for (const [i, one] of left.entries())
      for (const other of left.slice(i + 1)) if (await clears([one, other])) return true;
    return false;
  }

  if (suspects.length > 0) await sift(suspects);
  while ((await clearsOne()) || (await clearsPair()));
  return new Map([...culprits].map(([one, { reason }]) => [one, reason]));
}
