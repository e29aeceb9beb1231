/** What fast-check is told. */
export interface FuzzParameters {
  readonly numRuns: number;
  readonly seed: number;
}

const SEED = 20_261_128;
const HOUR_MS = 3_600_000;

/**
 * How often a property is tried: `bounded` times and with one seed in the unit tests, `FUZZ_RUNS` times on demand
 * (`pnpm fuzz`), with the seed of `FUZZ_SEED` or a new one, which fast-check prints when something fails.
 */
export function fuzzParameters(
  bounded: number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): FuzzParameters {
  const runs = numberOf(environment['FUZZ_RUNS']);
  const seed = numberOf(environment['FUZZ_SEED']);
  return {
    numRuns: runs ?? bounded,
    seed: seed ?? (runs === undefined ? SEED : Date.now() % 2 ** 31),
  };
}

/** How long such a test may take. */
export function fuzzTimeoutMs(boundedMs: number): number {
  return numberOf(process.env['FUZZ_RUNS']) === undefined ? boundedMs : HOUR_MS;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

const TRIES = 3;

/**
 * How many times more processor time `work` takes with a text `factor` times as long: about `factor` when time grows
 * with the length, its square when a text is read again and again. The quickest of some tries, so that a busy machine
 * does not matter; what takes less than `noiseMs` in the long form counts as 1: what grows with the square takes seconds.
 */
export function growthOfTime(
  work: (length: number) => unknown,
  {
    length,
    factor,
    noiseMs = 500,
  }: { readonly length: number; readonly factor: number; readonly noiseMs?: number },
): number {
  const long = quickest(() => work(length * factor));
  if (long < noiseMs) return 1;
  return (
    long /
    Math.max(
      quickest(() => work(length)),
      noiseMs / factor / 4,
    )
  );
}

function quickest(work: () => unknown): number {
  const times = Array.from({ length: TRIES }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}
