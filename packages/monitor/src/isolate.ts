/** Why the files are refused with these suspects in them; `undefined` when they are fine. */
export type TrySuspects<T> = (included: ReadonlySet<T>) => Promise<string | undefined>;

/**
 * Finds those suspects that cannot stay, with the reason. Halves the list until single ones are left, each
 * time together with what has already proved good, because parts depend on each other. The order of the
 * suspects matters: of two that are refused only together, the later one goes.
 */
export async function isolateCulprits<T>(
  suspects: readonly T[],
  refusal: TrySuspects<T>,
): Promise<ReadonlyMap<T, string>> {
  const good = new Set<T>();
  const culprits = new Map<T, string>();
  async function sift(part: readonly T[]): Promise<void> {
    const reason = await refusal(new Set([...good, ...part]));
    if (reason === undefined) {
      for (const one of part) good.add(one);
      return;
    }
    const [only] = part;
    if (part.length === 1 && only !== undefined) {
      culprits.set(only, reason);
      return;
    }
    const middle = Math.ceil(part.length / 2);
    await sift(part.slice(0, middle));
    await sift(part.slice(middle));
  }
  if (suspects.length > 0) await sift(suspects);
  return culprits;
}
