import { attributeAlerts } from '../core/changes/attribute-alerts.js';
import type { ServiceVersion, Versions } from '../core/model/service-version.js';
import type { RenderedConfig } from '../core/text/render.js';
import type { Candidates } from './candidates.js';

/** Backends without routes that HAProxy does not take, which is told of a service once it has an address. */
export interface RefusedBackends {
  /** Those that were not refused as they are now. */
  withoutRefused(awaited: Versions): Versions;
  /**
   * Goes on without those that HAProxy complains about; where it names no service, without all that do not run yet. They
   * are not tried again as they are. False when there is nothing to leave out: it is not they that are at fault.
   */
  leaveOut(candidates: Candidates, output: string, rendered: RenderedConfig, running: Versions): boolean;
}

export function createRefusedBackends(): RefusedBackends {
  /** What they asked for, by service. */
  let refused = new Map<string, string>();
  return {
    withoutRefused(awaited) {
      if (refused.size === 0) return awaited;
      const isRefused = ([name, version]: readonly [string, ServiceVersion]) =>
        refused.get(name) === textOf(version);
      refused = new Map([...refused].filter(([name]) => awaited.has(name)));
      return new Map([...awaited].filter((one) => !isRefused(one)));
    },
    leaveOut(candidates, output, rendered, running) {
      const { awaited } = candidates;
      const named = [...attributeAlerts(output, rendered).services.keys()];
      const fresh = [...awaited.keys()].filter((name) => awaited.get(name) !== running.get(name));
      const left = named.length > 0 ? named.filter((name) => awaited.has(name)) : fresh;
      for (const name of left) {
        const version = awaited.get(name);
        if (version) refused.set(name, textOf(version));
      }
      candidates.leaveOut(left);
      return left.length > 0;
    },
  };
}

function textOf({ parameters }: ServiceVersion): string {
  return JSON.stringify(parameters);
}
