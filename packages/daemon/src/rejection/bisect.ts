/** Why the configuration is rejected with only these of the suspects in it; `undefined` when it is accepted. */
export type CheckSuspects<T> = (included: ReadonlySet<T>) => Promise<string | undefined>;

export interface BisectOptions {
  /** Why the configuration is rejected with all suspects in it, where that is known already: saves one check. */
  readonly reason?: string;
}

/** As long as so few are rejected more checks pay: of the whole rest, and of pairs (at most 28 for each that comes back). */
const FEW = 8;

/**
 * Finds those suspects that cannot stay, each with the reason. Halves the list until single ones are left, each time
 * together with what has been accepted already, because parts depend on each other; no set is checked twice, so that
 * one of a thousand takes about ten checks. The order of the suspects matters: of two that are rejected only together,
 * the later one goes. What is rejected only as long as something behind it is missing comes back, alone or in pairs: a
 * relabelling action without its target, a certificate without its key.
 */
export async function bisectRejected<T>(
  suspects: readonly T[],
  check: CheckSuspects<T>,
  options: BisectOptions = {},
): Promise<ReadonlyMap<T, string>> {
  const all = [...new Set(suspects)];
  const checkOnce = withMemory(all, check, options.reason);
  const undecided = new Set(all);
  const accepted = new Set<T>();
  const rejected = new Map<T, string>();

  /** Whether these are accepted beside what has been accepted so far; then they stay. */
  async function accepts(some: readonly T[]): Promise<boolean> {
    const reason = await checkOnce(new Set([...accepted, ...some]));
    const [only] = some;
    if (reason !== undefined) {
      if (some.length === 1 && only !== undefined) {
        undecided.delete(only);
        rejected.set(only, reason);
      }
      return false;
    }
    for (const one of some) {
      undecided.delete(one);
      rejected.delete(one);
      accepted.add(one);
    }
    return true;
  }

  async function sift(part: readonly T[]): Promise<void> {
    if (!part.some((one) => undecided.has(one)) || (await accepts(part))) return;
    if (part.length === 1) {
      // Often it was the only one.
      if (undecided.size > 0 && rejected.size <= FEW) await accepts([...undecided]);
      return;
    }
    const middle = Math.ceil(part.length / 2);
    await sift(part.slice(0, middle));
    await sift(part.slice(middle));
  }

  async function oneComesBack(): Promise<boolean> {
    for (const one of [...rejected.keys()]) if (await accepts([one])) return true;
    return false;
  }

  async function pairComesBack(): Promise<boolean> {
    if (rejected.size > FEW) return false;
    const left = [...rejected.keys()];
    for (const [i, one] of left.entries())
      for (const other of left.slice(i + 1)) if (await accepts([one, other])) return true;
    return false;
  }

  await sift(all);
  while ((await oneComesBack()) || (await pairComesBack()));
  return rejected;
}

/** The check, asked once for each set. */
function withMemory<T>(
  all: readonly T[],
  check: CheckSuspects<T>,
  reasonOfAll: string | undefined,
): CheckSuspects<T> {
  const keyOf = (included: ReadonlySet<T>) => all.map((one) => (included.has(one) ? '1' : '0')).join('');
  const known = new Map<string, string | undefined>();
  if (reasonOfAll !== undefined) known.set(keyOf(new Set(all)), reasonOfAll);
  return async (included) => {
    const key = keyOf(included);
    if (!known.has(key)) known.set(key, await check(included));
    return known.get(key);
  };
}
