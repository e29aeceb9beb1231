/** What one container was seen to hold at a quiet point. */
export interface ProcessFigures {
  readonly container: string;
  readonly program: string;
  /** Of its main process, in megabytes. */
  readonly memoryMb: number;
  readonly descriptors: number;
  /** HAProxy processes; 0 elsewhere. Two are one master and one worker. */
  readonly haproxies: number;
}

/** More than this is no coincidence: garbage that was not collected yet, a pool that filled. */
const MEMORY_FACTOR = 1.5;
const MEMORY_SPARE_MB = 50;
const MORE_DESCRIPTORS = 40;

/** What has grown since the same container was seen first, in words. `earlier` in the order of time. */
export function growth(
  earlier: readonly ProcessFigures[],
  now: readonly ProcessFigures[],
): readonly string[] {
  return now.flatMap((figures) => {
    const first = earlier.find(({ container }) => container === figures.container);
    if (!first) return [];
    const { program, memoryMb, descriptors } = figures;
    return [
      ...(memoryMb > first.memoryMb * MEMORY_FACTOR + MEMORY_SPARE_MB
        ? [`${program} holds ${memoryMb.toFixed(0)} MB, ${first.memoryMb.toFixed(0)} MB at first`]
        : []),
      ...(descriptors > first.descriptors + MORE_DESCRIPTORS
        ? [`${program} has ${descriptors} descriptors open, ${first.descriptors} at first`]
        : []),
    ];
  });
}

/** Programs of which a container is another one than before, though nothing was done to them. */
export function restarted(
  before: readonly ProcessFigures[],
  now: readonly ProcessFigures[],
  excused: ReadonlySet<string>,
): readonly string[] {
  if (excused.has('all') || before.length === 0) return [];
  const known = new Set(before.map(({ container }) => container));
  const found = now.filter(({ container, program }) => !known.has(container) && !excused.has(program));
  return [...new Set(found.map(({ program }) => program))];
}
