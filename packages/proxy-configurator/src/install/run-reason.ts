import type { Versions } from '../core/model/service-version.js';
import type { Run } from '../ports.js';

/** Services that came, went or changed. */
export function changedServices(before: Versions | undefined, after: Versions): readonly string[] {
  const names = new Set([...(before?.keys() ?? []), ...after.keys()]);
  return [...names].filter((name) => before?.get(name) !== after.get(name)).sort();
}

/** Why a run did what it did; the strongest reason counts. */
export function reasonOf(run: {
  readonly first: boolean;
  readonly force: boolean;
  readonly newCertificates: boolean;
  readonly services: readonly string[];
}): Run['reason'] {
  if (run.first) return 'start';
  if (run.force) return 'demand';
  if (run.newCertificates) return 'certificates';
  return run.services.length > 0 ? 'services' : 'other';
}
