import { attributeAlerts } from '../core/changes/attribute-alerts.js';
import { canStayIdle } from '../core/changes/awaited-backends.js';
import { takesBackends } from '../core/model/haproxy-version.js';
import type { ServiceVersion, Versions } from '../core/model/service-version.js';
import type { RenderedConfig } from '../core/text/render.js';
import type { Candidates } from './candidates.js';
import type { Loaded, RenderingOptions } from './rendering.js';

/** Backends without routes: which there are to be, and which HAProxy does not take. That is told once there is an address. */
export interface IdleBackends {
  /** Services that wait for an address, and whose backends are not there yet. */
  fresh(candidates: Candidates, running: WithIdle | undefined): Versions;
  /**
   * Services that have gone, and whose backends may stay until the next reload: one that comes back meanwhile needs none.
   * From 3.4 on HAProxy removes them while it runs.
   */
  gone(candidates: Candidates, running: WithIdle | undefined): Versions;
  /** Those that were not refused as they are now. */
  withoutRefused(awaited: Versions): Versions;
  /**
   * Goes on without those that HAProxy complains about; where it names no service, without all that do not run yet. They
   * are not tried again as they are. False when there is nothing to leave out: it is not they that are at fault.
   */
  leaveOut(
    candidates: Candidates,
    output: string,
    rendered: RenderedConfig,
    running: WithIdle | undefined,
  ): boolean;
}

/** What runs, as far as it matters here. */
type WithIdle = Pick<Loaded, 'versions' | 'awaited'>;

export function createIdleBackends({ settings, capabilities }: RenderingOptions): IdleBackends {
  /** What they asked for, by service. */
  let refused = new Map<string, string>();

  function fresh({ awaited }: Candidates, running: WithIdle | undefined): Versions {
    return new Map([...awaited].filter(([name, version]) => running?.awaited.get(name) !== version));
  }

  return {
    fresh,
    gone(candidates, running) {
      if (running === undefined || takesBackends(capabilities.version)) return new Map();
      return new Map(
        [...running.versions, ...running.awaited].filter(
          ([name, { routed }]) => !candidates.isAsked(name) && canStayIdle(routed, settings),
        ),
      );
    },
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
      const isNamed = named.length > 0;
      const left = isNamed
        ? named.filter((name) => awaited.has(name))
        : [...fresh(candidates, running).keys()];
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
