import { ConfigRejectedError, UpstreamError } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { AddressBook } from '../services/address-book.js';
import { alertsOf } from '../core/changes/attribute-alerts.js';
import { boundPorts } from '../core/text/bound-ports.js';
import { buildHaproxyModel } from '../core/sections/build.js';
import { planCertificateChange, type LoadedCertificate } from '../core/changes/certificate-changes.js';
import type { LookupTable } from '../core/model/directives.js';
import { renderHaproxyConfig, type MainTemplate, type RenderedConfig } from '../core/text/render.js';
import { serversOf, slotsOf, type RunningServers } from '../core/changes/server-changes.js';
import type { Capabilities, Settings } from '../core/model/settings.js';
import type { ConfigFiles, Haproxy } from '../ports.js';
import { createRuntimeChanges } from './runtime-changes.js';
import { versionToRun, type ServiceRegistry } from '../services/service-registry.js';
import { createSettingAside, type Versions } from './reject-services.js';

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
  /** Leaves out those that HAProxy's complaints name; `undefined` when they name none. */
  readonly leaveOutCertificates: (
    complaints: readonly string[],
  ) => Promise<readonly LoadedCertificate[] | undefined>;
  /** Whether the list of certificates is ours. */
  readonly generatesList: boolean;
  readonly readCertificate: (path: string) => Promise<string>;
  /** Waits while too many workers of earlier configurations are still there. */
  readonly pace: () => Promise<void>;
  /** Whether a port could be opened now. */
  readonly canListen: (port: number) => Promise<boolean>;
  readonly onRun: (run: Run) => void;
  readonly logger: Logger;
}

interface Running {
  readonly rendered: RenderedConfig;
  readonly servers: RunningServers;
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
  const aside = createSettingAside(parts);
  const atRuntime = createRuntimeChanges({ ...parts, certificateList: settings.paths.certificateList });
  let running: Running | undefined;
  /** Ports that HAProxy holds itself: another program on one of them is no reason to refuse it. */
  let ownPorts: ReadonlySet<number> = new Set();

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

  /** Sets services aside and leaves certificates out until HAProxy takes the rest. */
  async function findAccepted(
    versions: Versions,
    template: MainTemplate | undefined,
    loaded: readonly LoadedCertificate[],
    mustCheck: boolean,
  ) {
    let certificates = loaded;
    for (;;) {
      const next = renderNext(versions, template);
      const known = running && isSameStructure(next.rendered, running.rendered) && haproxy.running();
      if (known === true && !mustCheck) return { ...next, certificates, staged: false };
      const { ok, output } = await haproxy.check(await files.stage(next.rendered));
      if (ok) return { ...next, certificates, staged: true };
      const left = await parts.leaveOutCertificates(alertsOf(output));
      if (left) {
        certificates = left;
        continue;
      }
      await aside.complaints(versions, output, next.rendered, async (some) => {
        const { rendered } = renderNext(some, template);
        return (await haproxy.check(await files.stage(rendered))).output;
      });
    }
  }

  async function reloadOrRestore(versions: Versions, rendered: RenderedConfig): Promise<boolean> {
    await files.place();
    const result = await haproxy.reload();
    if (result.ok) return true;
    await files.restore();
    logger.error('HAProxy did not take a checked configuration', { reason: result.reason });
    if (versions.size === 0 || !aside.hasFresh(versions)) {
      throw new UpstreamError(`HAProxy could not be reloaded: ${result.reason}`);
    }
    await aside.complaints(versions, result.output, rendered, undefined);
    return false;
  }

  async function changeAddresses(next: ReturnType<typeof render>, from: Running): Promise<boolean> {
    if (!(await atRuntime.addresses(from.servers, next.servers))) return false;
    await files.stage(next.rendered);
    await files.place();
    return true;
  }

  return {
    running: () => running?.rendered,
    async resume() {
      const text = await files.read();
      if (text === undefined) return;
      await parts.prepareCertificates();
      const { ok, output } = await haproxy.check(parts.configFile);
      if (!ok) {
        logger.warn('The last configuration cannot be used', { reason: alertsOf(output)[0] });
        return;
      }
      const result = await haproxy.reload();
      if (result.ok) ownPorts = boundPorts(text);
      logger.info('The last configuration runs until the services are known', { ok: result.ok });
    },
    async reloadFromDisk() {
      const { ok, output } = await haproxy.check(parts.configFile);
      if (!ok) throw new ConfigRejectedError(`Config validation failed: ${alertsOf(output)[0] ?? 'refused'}`);
      const result = await haproxy.reload();
      if (!result.ok) throw new UpstreamError(`HAProxy could not be reloaded: ${result.reason}`);
      ownPorts = boundPorts((await files.read()) ?? '');
    },
    async run(force = false) {
      await parts.pace();
      const begunAt = performance.now();
      const versions: Versions = new Map();
      for (const entry of registry.entries()) {
        const version = versionToRun(entry);
        if (version) versions.set(entry.name, version);
      }
      let certificates = await parts.prepareCertificates();
      const changeOf = (now: readonly LoadedCertificate[]) =>
        planCertificateChange(running?.certificates ?? now, now, parts);
      let mustReload = force || changeOf(certificates).kind === 'reload';
      const template = await parts.mainTemplate();
      aside.portConflicts(versions);
      await aside.takenPorts(versions, ownPorts);
      for (;;) {
        const { staged, ...next } = await findAccepted(versions, template, certificates, mustReload);
        certificates = next.certificates;
        const change = changeOf(certificates);
        const done = (outcome: Outcome): Outcome => {
          const services = changedServices(running?.versions, versions);
          const reason = reasonOf({
            first: running === undefined,
            force,
            newCertificates: change.kind !== 'none',
            services,
          });
          running = { ...next, versions };
          ownPorts = boundPorts(next.rendered.text);
          registry.settle(versions);
          parts.onRun({ outcome, reason, services, durationMs: performance.now() - begunAt });
          return outcome;
        };
        if (running && haproxy.running() && !mustReload && isSameStructure(next.rendered, running.rendered)) {
          const sameText = next.rendered.text === running.rendered.text;
          const addressesTaken = sameText || (await changeAddresses(next, running));
          const certificatesTaken = addressesTaken && (await atRuntime.certificates(change));
          if (certificatesTaken) {
            return done(change.kind === 'runtime' ? 'certificates' : sameText ? 'unchanged' : 'addresses');
          }
          // What HAProxy does not take while it runs is checked before it is loaded.
          mustReload = true;
          continue;
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

function reasonOf(run: {
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
