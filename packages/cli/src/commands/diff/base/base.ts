import type { Finding } from '../../../lint/findings/finding.js';
import type { ServiceEffect } from '../../../programs/effects.js';
import { meaningOf, type MeaningOptions, type ServiceMeaning } from '../meaning.js';

/** The old side of a comparison: what its services mean, and what was wrong with it. */
export interface Base {
  readonly meanings: ReadonlyMap<string, ServiceMeaning>;
  /** `undefined` where nobody knows. */
  readonly findings: readonly Finding[] | undefined;
}

/** What services mean, by full name. */
export function meanings(
  services: readonly ServiceEffect[],
  options: MeaningOptions,
): ReadonlyMap<string, ServiceMeaning> {
  return new Map(services.map((effect) => [effect.subject.fullName, meaningOf(effect, options)]));
}
