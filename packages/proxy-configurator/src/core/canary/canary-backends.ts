import { isSnippet, line, type BackendSnippet, type Line, type Section } from '../model/directives.js';
import type { Names } from '../model/names.js';
import { versionRules, type Pair } from './versions.js';

/** How requests of one backend are divided between it and that of the canary. */
export interface CanaryBackend {
  /** Defines what the rules name. */
  readonly acls: readonly Line[];
  /** Sends requests that fulfil the conditions to the canary; those that are left belong to the stable version. */
  readonly rules: (conditions: readonly string[]) => readonly Line[];
}

/** What divides requests, by the backends of stable services. */
export function canaryBackends(
  pairs: readonly Pair[],
  names: Names,
  sections: readonly (Section | BackendSnippet)[],
  weights: string,
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
        const isUp = `canary_up_${found.size + 1}`;
        const backends = { stable: stable[kind], canary: canary[kind] };
        found.set(stable[kind], {
          acls: upAcls(isUp, section),
          rules: (conditions) => versionRules({ pair, backends, isUp, weights }, conditions),
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
