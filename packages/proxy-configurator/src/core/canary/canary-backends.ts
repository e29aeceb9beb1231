import { isSnippet, line, type BackendSnippet, type Line, type Section } from '../model/directives.js';
import type { Names } from '../model/names.js';
import { versionIs, type Pair } from './versions.js';

/** Where requests of one backend go that are for the canary. */
export interface CanaryBackend {
  readonly backend: string;
  /** Defines what the conditions name. */
  readonly acls: readonly Line[];
  /** The version is the canary's, and one of its servers is up. */
  readonly conditions: readonly string[];
}

/** The backends of canaries by those of their stable services. */
export function canaryBackends(
  pairs: readonly Pair[],
  names: Names,
  sections: readonly (Section | BackendSnippet)[],
): ReadonlyMap<string, CanaryBackend> {
  const byName = new Map(
    sections.flatMap((section) =>
      isSnippet(section) || section.name === undefined ? [] : [[section.name, section] as const],
    ),
  );
  const found = new Map<string, CanaryBackend>();
  for (const pair of pairs) {
    for (const destination of pair.stable.service.destinations) {
      const other = pair.canary.service.destinations.find(({ index }) => index === destination.index);
      if (!other) continue;
      const stable = names(pair.stable.service, destination);
      const canary = names(pair.canary.service, other);
      for (const kind of ['backend', 'httpsBackend'] as const) {
        const section = byName.get(canary[kind]);
        if (!section || !byName.has(stable[kind])) continue;
        const up = `canary_up_${found.size + 1}`;
        found.set(stable[kind], {
          backend: canary[kind],
          acls: upAcls(up, section),
          conditions: [...versionIs(pair, 'canary'), up],
        });
      }
    }
  }
  return found;
}

function upAcls(name: string, { name: backend = '', lines }: Section): readonly Line[] {
  const servers = lines.flatMap((one) =>
    one.kind === 'server' && !one.server.options.includes('backup') ? [one.server.name] : [],
  );
  return servers.map((server) => line('acl', name, `srv_is_up(${backend}/${server})`));
}
