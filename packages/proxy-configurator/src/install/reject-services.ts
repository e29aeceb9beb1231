import { ConfigRejectedError } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { formatIssue } from '@docker-flow/labels';
import { alertsOf, blame } from '../core/changes/attribute-alerts.js';
import { claimsOf, findPortConflicts } from '../core/frontends/entry-port-conflicts.js';
import type { RenderedConfig } from '../core/text/render.js';
import type { Settings } from '../core/model/settings.js';
import type { Rejection, ServiceRegistry, ServiceVersion } from '../services/service-registry.js';

/** The version of each service that is meant to run, by name. */
export type Versions = Map<string, ServiceVersion>;

/** Takes services out of the versions that are meant to run, each with its reason; an older version that runs stays. */
export interface SettingAside {
  /** Services whose entry ports belong to others here. */
  portConflicts(versions: Versions): void;
  /**
   * Services whose entry ports another program holds; those that HAProxy holds are `ours`. Another's port must
   * never reach HAProxy: it would pause its own sockets while it tries.
   */
  takenPorts(versions: Versions, ours: ReadonlySet<number>): Promise<void>;
  /**
   * Services HAProxy complains about; where it names none, those that are new are tried half by half.
   *
   * @throws {ConfigRejectedError} when no service is to blame
   */
  complaints(
    versions: Versions,
    output: string,
    rendered: RenderedConfig,
    checkWith: ((versions: Versions) => Promise<string>) | undefined,
  ): Promise<void>;
  /** Whether a version is meant to run that does not run yet. */
  hasFresh(versions: Versions): boolean;
}

export interface SettingAsideParts {
  readonly settings: Settings;
  readonly registry: ServiceRegistry;
  /** Whether a port could be opened now. */
  readonly canListen: (port: number) => Promise<boolean>;
  readonly logger: Logger;
}

export function createSettingAside({
  settings,
  registry,
  canListen,
  logger,
}: SettingAsideParts): SettingAside {
  function isLive(name: string, version: ServiceVersion): boolean {
    return registry.get(name)?.live === version;
  }

  function reject(versions: Versions, name: string, rejection: Rejection): void {
    const entry = registry.get(name);
    const refused = versions.get(name);
    logger.warn('Service is set aside', { service: name, reason: rejection.message });
    if (entry && refused) registry.reject(name, refused.parameters, rejection, refused);
    const live = entry?.live;
    if (live && live !== refused) versions.set(name, live);
    else versions.delete(name);
  }

  function portConflicts(versions: Versions): void {
    const all = [...versions.values()];
    const conflicts = findPortConflicts(
      all.filter((one) => isLive(one.routed.service.name, one)).map(({ routed }) => routed),
      all.filter((one) => !isLive(one.routed.service.name, one)).map(({ routed }) => routed),
      settings,
    );
    for (const [name, issue] of conflicts) {
      reject(versions, name, { kind: 'port', status: 409, message: formatIssue(issue) });
    }
  }

  async function takenPorts(versions: Versions, ours: ReadonlySet<number>): Promise<void> {
    for (const [name, { routed }] of [...versions]) {
      for (const { port } of claimsOf(routed)) {
        if (ours.has(port) || (await canListen(port))) continue;
        const message = `service ${name}: label srcPort=${JSON.stringify(String(port))} is taken by another program; expected a free port`;
        reject(versions, name, { kind: 'port', status: 500, message });
        break;
      }
    }
  }

  async function complaints(
    versions: Versions,
    output: string,
    rendered: RenderedConfig,
    checkWith: ((versions: Versions) => Promise<string>) | undefined,
  ): Promise<void> {
    const { services, others } = blame(output, rendered);
    const named = [...services].filter(([name]) => versions.has(name));
    for (const [name, complaint] of named) reject(versions, name, refusedByHaproxy(complaint));
    if (named.length > 0) return;
    const complaint = others[0] ?? 'HAProxy refuses the configuration and does not say why';
    const fresh = [...versions].filter(([name, version]) => !isLive(name, version)).map(([name]) => name);
    if (fresh.length === 0) throw new ConfigRejectedError(`Config validation failed: ${complaint}`);
    const guilty = checkWith
      ? await findGuilty(versions, fresh, checkWith)
      : new Map(fresh.map((name) => [name, complaint]));
    if (guilty.size === 0) throw new ConfigRejectedError(`Config validation failed: ${complaint}`);
    for (const [name, why] of guilty) reject(versions, name, refusedByHaproxy(why));
  }

  /** Adds changed services to the unchanged ones, half by half; answers those HAProxy does not take. */
  async function findGuilty(
    versions: Versions,
    fresh: readonly string[],
    checkWith: (versions: Versions) => Promise<string>,
  ): Promise<ReadonlyMap<string, string>> {
    const guilty = new Map<string, string>();
    const accepted = new Map(versions);
    for (const name of fresh) {
      const live = registry.get(name)?.live;
      if (live) accepted.set(name, live);
      else accepted.delete(name);
    }
    async function add(names: readonly string[]): Promise<void> {
      const tried = new Map(accepted);
      for (const name of names) {
        const version = versions.get(name);
        if (version) tried.set(name, version);
      }
      const complaint = alertsOf(await checkWith(tried))[0];
      if (complaint === undefined) {
        for (const [name, version] of tried) accepted.set(name, version);
      } else if (names.length === 1 && names[0] !== undefined) guilty.set(names[0], complaint);
      else {
        const middle = Math.ceil(names.length / 2);
        await add(names.slice(0, middle));
        await add(names.slice(middle));
      }
    }
    await add(fresh);
    return guilty;
  }

  return {
    portConflicts,
    takenPorts,
    complaints,
    hasFresh: (versions) => [...versions].some(([name, version]) => !isLive(name, version)),
  };
}

function refusedByHaproxy(complaint: string): Rejection {
  return { kind: 'haproxy', status: 500, message: `Config validation failed: ${complaint}` };
}
