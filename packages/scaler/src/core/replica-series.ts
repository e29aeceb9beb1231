/** Replicas of one service at one moment. */
export interface ReplicaPoint {
  readonly atMs: number;
  readonly wanted: number;
  readonly running?: number | undefined;
}

const MOST_POINTS = 600;
const LONGEST_MS = 24 * 3_600_000;

/**
 * The series with one more look. Equal looks are kept as first and last only, so that a line between two
 * points is what really was; old and excess points go.
 */
export function addReplicaPoint(
  series: readonly ReplicaPoint[],
  point: ReplicaPoint,
): readonly ReplicaPoint[] {
  const last = series.at(-1);
  const before = series.at(-2);
  const isFlat = last !== undefined && before !== undefined && isSame(last, point) && isSame(before, last);
  const next = isFlat ? [...series.slice(0, -1), point] : [...series, point];
  return next.filter(({ atMs }) => atMs > point.atMs - LONGEST_MS).slice(-MOST_POINTS);
}

function isSame(a: ReplicaPoint, b: ReplicaPoint): boolean {
  return a.wanted === b.wanted && a.running === b.running;
}
