import { median } from '@docker-flow/testkit';

/** One figure over time: seconds since the start, and what was measured then. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** Nobody expects a flat line: a count of what happened, or data that is kept on purpose. */
  readonly mayGrow: boolean;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

export interface Drift {
  readonly name: string;
  /** Median of the first third after the warm-up, and of the last third. */
  readonly early: number;
  readonly late: number;
  readonly hasGrown: boolean;
}

/** The first part of the run, in which caches and pools fill. */
const WARM_UP = 0.1;
/** A line within these is flat: collections of garbage come and go. */
const FACTOR = 1.15;
const SPARE: Readonly<Record<string, number>> = { MB: 15, processes: 1 };
const OTHER_SPARE = 10;

/** How the line went. Medians, so that one sample in the middle of a reload says nothing. */
export function driftOf({ name, unit, mayGrow, points }: Series): Drift {
  const values = points.slice(Math.ceil(points.length * WARM_UP)).map(([, value]) => value);
  const third = Math.max(1, Math.floor(values.length / 3));
  const early = median(values.slice(0, third));
  const late = median(values.slice(-third));
  const spare = SPARE[unit] ?? OTHER_SPARE;
  return { name, early, late, hasGrown: !mayGrow && late > early * FACTOR + spare };
}

/** One sample of many figures becomes a point of each of their lines; what could not be measured becomes none. */
export function seriesOf(samples: readonly Sample[]): readonly Series[] {
  const names = [...new Set(samples.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  return names.map((name) => {
    const found = samples.flatMap(({ atSeconds, figures }) =>
      figures
        .filter((one) => one.name === name && Number.isFinite(one.value))
        .map((one) => ({ atSeconds, ...one })),
    );
    return {
      name,
      unit: found[0]?.unit ?? '',
      mayGrow: found[0]?.mayGrow ?? false,
      points: found.map(({ atSeconds, value }) => [atSeconds, value] as const),
    };
  });
}

export interface Sample {
  readonly atSeconds: number;
  readonly figures: readonly SampledFigure[];
}

export interface SampledFigure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly mayGrow: boolean;
}
