import { ConfigRejectedError, UpstreamError, type Logger } from '@docker-flow/daemon/without-docker';
import { formatIssue } from '@docker-flow/labels';
import type { AddressBook } from './address-book.js';
import { alertsOf, blame } from './core/blame.js';
import { buildHaproxyModel } from './core/build.js';
import {
  certificateCommands,
  planCertificateChange,
  tookCertificate,
  type CertificateChange,
  type LoadedCertificate,
} from './core/certificate-changes.js';
import { claimsOf, findPortConflicts } from './core/entry-port-conflicts.js';
import type { LookupTable } from './core/model.js';
import { renderHaproxyConfig, type MainTemplate, type RenderedConfig } from './core/render.js';
import { serverChanges, serversOf, slotsOf, type RunningServers } from './core/server-changes.js';
import type { Capabilities, Settings } from './core/settings.js';
import type { ConfigFiles, Haproxy } from './ports.js';
import {
  versionToRun,
  type Rejection,
  type ServiceRegistry,
  type ServiceVersion,
} from './service-registry.js';

/** What a reconciliation did. */
export type Outcome = 'unchanged' | 'addresses' | 'certificates' | 'reloaded';

/** One reconciliation that came to its end. */
export interface Run {
  readonly outcome: Outcome;
  /** Why: the first configuration, changed services, certificates, addresses or main template, or on demand. */
  readonly reason: 'start' | 'demand' | 'certificates' | 'services' | 'other';
  /** Services that came, went or changed. */
  readonly services: readonly string[];
  readonly durationMs: number;
}

export interface ReconcileParts {
  readonly settings: Settings;
  readonly capabilities: Capabilities;
  readonly registry: ServiceRegistry;
  readonly addresses: AddressBook;
  readonly files: ConfigFiles;
  readonly haproxy: Haproxy;
  readonly configFile: string;
  readonly tablePath: (table: LookupTable) => string;
  /** The operator's main template, read anew; `undefined` when there is none. */
  readonly mainTemplate: () => Promise<MainTemplate | undefined>;
  /** Puts the list of certificates on disk; answers what HAProxy has to load. */
  readonly prepareCertificates: () => Promise<readonly LoadedCertificate[]>;
  readonly readCertificate: (path: string) => Promise<string>;
  /** Waits while too many workers of earlier configurations are still there. */
  readonly pace: () => Promise<void>;
  /** Whether a port could be opened now. */
  readonly canListen: (port: number) => Promise<boolean>;
  readonly onRun: (run: Run) => void;
  readonly logger: Logger;
}

type Versions = Map<string, ServiceVersion>;

interface Running {
  readonly rendered: RenderedConfig;
  readonly servers: RunningServers;
  readonly ports: ReadonlySet<number>;
  readonly certificates: readonly LoadedCertificate[];
  readonly versions: Versions;
}

/**
 * The whole journey from services to a HAProxy that serves them. Remembers what runs, and compares with
 * that and not with the file, so that a reload that failed is tried again.
 */
export function createReconciliation(parts: ReconcileParts): {
  run(force?: boolean): Promise<Outcome>;
  /** Makes HAProxy run what is on disk, whoever wrote it. @throws {ConfigRejectedError} when it is refused */
  reloadFromDisk(): Promise<void>;
  /** Runs the configuration of an earlier life of this container, if there is one that HAProxy takes. */
  resume(): Promise<void>;
  readonly running: () => RenderedConfig | undefined;
} {
  const { settings, registry, haproxy, files, logger, addresses } = parts;
  let running: Running | undefined;

  function render(
    versions: Versions,
    template: MainTemplate | undefined,
    slots: ReadonlyMap<string, number>,
  ) {
    const { tablePath, capabilities } = parts;
    const model = buildHaproxyModel({
      settings,
      capabilities,
      services: [...versions.values()].map(({ routed }) => routed),
      addresses: addresses.known,
      slots,
      tablePath,
    });
    const rendered = renderHaproxyConfig(model, {
      settings,
      tablePath,
      ...(template ? { mainTemplate: template } : {}),
    });
    return { rendered, servers: serversOf(model) };
  }

  /** Keeps the number of servers where that saves a reload, and only there. */
  function renderNext(versions: Versions, template: MainTemplate | undefined) {
    if (running) {
      const kept = render(versions, template, slotsOf(running.servers));
      if (kept.rendered.structure === running.rendered.structure) return kept;
    }
    return render(versions, template, new Map());
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

  function rejectPortConflicts(versions: Versions): void {
    const all = [...versions.values()];
    const isLive = (version: ServiceVersion) => registry.get(version.routed.service.name)?.live === version;
    const conflicts = findPortConflicts(
      all.filter(isLive).map(({ routed }) => routed),
      all.filter((version) => !isLive(version)).map(({ routed }) => routed),
      settings,
    );
    for (const [name, issue] of conflicts) {
      reject(versions, name, { kind: 'port', status: 409, message: formatIssue(issue) });
    }
  }

  /**
   * A port that somebody else holds must never reach HAProxy: it would pause its own sockets while it tries.
   */
  async function rejectTakenPorts(versions: Versions): Promise<void> {
    for (const [name, { routed }] of [...versions]) {
      for (const { port } of claimsOf(routed)) {
        if (running?.ports.has(port) === true || (await parts.canListen(port))) continue;
        const message = `service ${name}: label srcPort=${JSON.stringify(String(port))} is taken by another program; expected a free port`;
        reject(versions, name, { kind: 'port', status: 500, message });
        break;
      }
    }
  }

  /** Sets services aside until HAProxy takes the rest. */
  async function findAccepted(versions: Versions, template: MainTemplate | undefined, mustCheck: boolean) {
    for (;;) {
      const next = renderNext(versions, template);
      const known = running && isSameStructure(next.rendered, running.rendered) && haproxy.running();
      if (known === true && !mustCheck) return { ...next, staged: false };
      const { ok, output } = await haproxy.check(await files.stage(next.rendered));
      if (ok) return { ...next, staged: true };
      await setAside(versions, output, next.rendered, async (some) => {
        const { rendered } = renderNext(some, template);
        return (await haproxy.check(await files.stage(rendered))).output;
      });
    }
  }

  async function setAside(
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
    const fresh = [...versions]
      .filter(([name, version]) => registry.get(name)?.live !== version)
      .map(([name]) => name);
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

  async function reloadOrRestore(versions: Versions, rendered: RenderedConfig): Promise<boolean> {
    await files.place();
    const result = await haproxy.reload();
    if (result.ok) return true;
    await files.restore();
    logger.error('HAProxy did not take a checked configuration', { reason: result.reason });
    if (versions.size === 0 || !hasFresh(versions)) {
      throw new UpstreamError(`HAProxy could not be reloaded: ${result.reason}`);
    }
    await setAside(versions, result.output, rendered, undefined);
    return false;
  }

  function hasFresh(versions: Versions): boolean {
    return [...versions].some(([name, version]) => registry.get(name)?.live !== version);
  }

  function reasonOf(run: {
    first: boolean;
    force: boolean;
    newCertificates: boolean;
    services: readonly string[];
  }): Run['reason'] {
    if (run.first) return 'start';
    if (run.force) return 'demand';
    if (run.newCertificates) return 'certificates';
    return run.services.length > 0 ? 'services' : 'other';
  }

  /** Tells the running HAProxy about addresses, without a reload. */
  async function changeAddresses(next: ReturnType<typeof render>, from: Running): Promise<boolean> {
    const commands = serverChanges(from.servers, next.servers);
    for (let at = 0; at < commands.length; at += 50) {
      const answer = await haproxy.command(commands.slice(at, at + 50).join(';'));
      if (/No such|not supported|only supported|Unknown|Permission|Require/i.test(answer)) {
        logger.warn('HAProxy did not take new addresses, reloading instead', { answer: answer.trim() });
        return false;
      }
    }
    await files.stage(next.rendered);
    await files.place();
    return true;
  }

  /** Tells the running HAProxy about certificates, without a reload. */
  async function changeCertificates(change: CertificateChange): Promise<boolean> {
    if (change.kind !== 'runtime') return change.kind === 'none';
    const list = settings.paths.certificateList;
    for (const file of [...change.renewed, ...change.added]) {
      const pem = await parts.readCertificate(file);
      for (const command of certificateCommands(file, pem, change.added.includes(file) ? list : undefined)) {
        const answer = await haproxy.command(command);
        if (tookCertificate(answer)) continue;
        logger.warn('HAProxy did not take a certificate, reloading instead', { answer: answer.trim() });
        return false;
      }
    }
    return true;
  }

  return {
    running: () => running?.rendered,
    async resume() {
      if ((await files.read()) === undefined) return;
      await parts.prepareCertificates();
      const { ok, output } = await haproxy.check(parts.configFile);
      if (!ok) {
        logger.warn('The last configuration cannot be used', { reason: alertsOf(output)[0] });
        return;
      }
      const result = await haproxy.reload();
      logger.info('The last configuration runs until the services are known', { ok: result.ok });
    },
    async reloadFromDisk() {
      const { ok, output } = await haproxy.check(parts.configFile);
      if (!ok) throw new ConfigRejectedError(`Config validation failed: ${alertsOf(output)[0] ?? 'refused'}`);
      const result = await haproxy.reload();
      if (!result.ok) throw new UpstreamError(`HAProxy could not be reloaded: ${result.reason}`);
    },
    async run(force = false) {
      await parts.pace();
      const begunAt = performance.now();
      const versions: Versions = new Map();
      for (const entry of registry.entries()) {
        const version = versionToRun(entry);
        if (version) versions.set(entry.name, version);
      }
      const certificates = await parts.prepareCertificates();
      const change = planCertificateChange(running?.certificates ?? certificates, certificates);
      const mustReload = force || change.kind === 'reload';
      const template = await parts.mainTemplate();
      rejectPortConflicts(versions);
      await rejectTakenPorts(versions);
      for (;;) {
        const { staged, ...next } = await findAccepted(versions, template, mustReload);
        const done = (outcome: Outcome): Outcome => {
          const ports = [...versions.values()].flatMap(({ routed }) =>
            claimsOf(routed).map(({ port }) => port),
          );
          const services = changedServices(running?.versions, versions);
          const reason = reasonOf({
            first: running === undefined,
            force,
            newCertificates: change.kind !== 'none',
            services,
          });
          running = { ...next, ports: new Set(ports), certificates, versions };
          registry.settle(versions);
          parts.onRun({ outcome, reason, services, durationMs: performance.now() - begunAt });
          return outcome;
        };
        if (running && haproxy.running() && !mustReload && isSameStructure(next.rendered, running.rendered)) {
          const sameText = next.rendered.text === running.rendered.text;
          const addressesTaken = sameText || (await changeAddresses(next, running));
          const certificatesTaken = addressesTaken && (await changeCertificates(change));
          if (certificatesTaken) {
            return done(change.kind === 'runtime' ? 'certificates' : sameText ? 'unchanged' : 'addresses');
          }
        }
        if (!staged) await files.stage(next.rendered);
        if (await reloadOrRestore(versions, next.rendered)) {
          await files.clean(next.rendered);
          return done('reloaded');
        }
      }
    },
  };
}

function changedServices(before: Versions | undefined, after: Versions): readonly string[] {
  const names = new Set([...(before?.keys() ?? []), ...after.keys()]);
  return [...names].filter((name) => before?.get(name) !== after.get(name)).sort();
}

function isSameStructure(a: RenderedConfig, b: RenderedConfig): boolean {
  return a.structure === b.structure && [...a.tables.keys()].every((file) => b.tables.has(file));
}

function refusedByHaproxy(complaint: string): Rejection {
  return { kind: 'haproxy', status: 500, message: `Config validation failed: ${complaint}` };
}
