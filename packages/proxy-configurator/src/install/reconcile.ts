import { ConfigRejectedError, messageOf, UpstreamError } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { alertsOf } from '../core/changes/attribute-alerts.js';
import { templatesOf } from '../core/changes/backend-changes.js';
import type { Versions, WantedServices } from '../core/model/service-version.js';
import type { Capabilities, Settings } from '../core/model/settings.js';
import type { MainTemplate } from '../core/text/render.js';
import type {
  AddressCache,
  CertifiedTable,
  ConfigFiles,
  Haproxy,
  LoadableCertificates,
  Run,
} from '../ports.js';
import { createChangeAtRuntime } from './change-at-runtime.js';
import { createCandidates, type Candidates } from './candidates.js';
import { createEntryPorts } from './entry-ports.js';
import { createFindAccepted, type Accepted, type LoadedWithCertificates } from './find-accepted.js';
import { labelCertificates } from './label-certificates.js';
import { rejectCanaryConflicts } from './reject-canaries.js';
import { createNewAlone } from './new-alone.js';
import { createIdleBackends } from './idle-backends.js';
import { createRendering } from './rendering.js';
import { rejectServices } from './reject-services.js';
import { changedServices, reasonOf } from './run-reason.js';
import { createRuntimeChanges } from './runtime-changes.js';

export interface ReconcileDeps {
  readonly addresses: AddressCache;
  readonly files: ConfigFiles;
  readonly haproxy: Haproxy;
  readonly certificates: LoadableCertificates;
  /** The names that have a valid certificate, which redirects to https wait for. */
  readonly certified: CertifiedTable;
  /** Whose challenges HAProxy shall answer. */
  readonly thumbprint: () => string | undefined;
  /** The operator's main template, read anew; `undefined` when there is none. */
  readonly mainTemplate: () => Promise<MainTemplate | undefined>;
  /** Whether a port could be opened now. */
  readonly canListen: (port: number) => Promise<boolean>;
  readonly logger: Logger;
}

export interface ReconcileOptions {
  readonly settings: Settings;
  readonly capabilities: Capabilities;
}

export interface Reconciliation {
  /**
   * Makes the services run.
   *
   * @param force reloads HAProxy even when nothing has changed
   * @throws {ConfigRejectedError} when HAProxy refuses the configuration and no service is at fault
   * @throws {UpstreamError} when HAProxy cannot be reloaded
   */
  run(services: WantedServices, force?: boolean): Promise<Run>;
  /**
   * Makes HAProxy run what is on disk, whoever wrote it. Answers false while nothing has been written at all.
   *
   * @throws {ConfigRejectedError} when it is refused
   */
  reloadFromDisk(): Promise<boolean>;
  /** Runs the configuration of an earlier life of this container, if there is one that HAProxy takes. */
  resume(): Promise<void>;
  /** Whose challenges the HAProxy that runs answers. */
  liveThumbprint(): string | undefined;
  /** Whether a configuration of ours is in force. */
  isLive(): boolean;
  /** Backends that no route leads to. */
  idleBackends(): ReadonlySet<string>;
}

interface Running extends LoadedWithCertificates {
  readonly certified: readonly string[];
  /** The versions of services that were asked for, without backends that were only left. */
  readonly asked: Versions;
}

/**
 * The whole journey from services to a HAProxy that serves them. Remembers what runs, and compares with
 * that and not with the file, so that a reload that failed is tried again.
 */
export function createReconciliation(
  deps: ReconcileDeps,
  { settings, capabilities }: ReconcileOptions,
): Reconciliation {
  const { haproxy, files, certificates, logger } = deps;
  const atRuntime = createRuntimeChanges(deps, {
    certificateList: settings.paths.certificateList,
    certifiedNames: deps.certified.file,
  });
  const rendering = createRendering(deps, { settings, capabilities });
  const changeAtRuntime = createChangeAtRuntime({ atRuntime, files, certified: deps.certified });
  const newAlone = createNewAlone({ files, haproxy, rendering });
  const idleBackends = createIdleBackends({ settings, capabilities });
  const entryPorts = createEntryPorts({ settings, canListen: deps.canListen });
  const refreshCertificates = ({ versions }: Candidates) =>
    certificates.refresh(labelCertificates(versions, settings));
  const findAccepted = createFindAccepted({
    haproxy,
    files,
    certificates,
    rendering,
    idleBackends,
    newAlone,
    entryPorts,
    refreshCertificates,
  });
  let running: Running | undefined;

  /**
   * False when there is something else to try: services were rejected because HAProxy did not take what it had found
   * valid, or it was not asked about all of it before.
   */
  async function reloadOrRestore(
    candidates: Candidates,
    { config: { rendered }, isChecked }: Accepted,
  ): Promise<boolean> {
    await files.place();
    const result = await haproxy.reload();
    if (result.ok) return true;
    await files.restore();
    if (!isChecked) {
      logger.info('HAProxy did not take a configuration of which it had checked what is new', {
        reason: result.reason,
      });
      return false;
    }
    logger.error('HAProxy did not take a checked configuration', { reason: result.reason });
    if (idleBackends.leaveOut(candidates, result.output, rendered, running)) return false;
    if (candidates.fresh().size === 0) {
      throw new UpstreamError(`HAProxy could not be reloaded: ${result.reason}`);
    }
    await rejectServices(candidates, { output: result.output, rendered });
    await entryPorts.settle(candidates);
    return false;
  }

  /** Makes the candidates that HAProxy takes run. */
  async function install(candidates: Candidates, force: boolean) {
    const template = await deps.mainTemplate();
    let loaded = await refreshCertificates(candidates);
    // HAProxy wants its table there when it checks.
    await deps.certified.refresh();
    let mustReload = force;
    for (;;) {
      const next = await findAccepted(candidates, { running, template, certificates: loaded, mustReload });
      loaded = next.certificates;
      const { config, changes, certificateChange } = next;
      const certified = await deps.certified.refresh();
      const installed = {
        certificates: loaded,
        certified,
        newCertificates: certificateChange.kind !== 'none',
      };
      if (running && changes && certificateChange.kind !== 'reload' && haproxy.running()) {
        const wanted = { from: running, next: config, changes, certificateChange, certified };
        const outcome = await changeAtRuntime(wanted);
        if (outcome) {
          const left = await rendering.withoutSpares(config, candidates.versions, template, (spare) =>
            atRuntime.removals(spare),
          );
          const isLess = left !== config && (outcome === 'addresses' || outcome === 'unchanged');
          return { ...installed, config: left, outcome: isLess ? ('servers' as const) : outcome };
        }
        // What HAProxy does not take while it runs is checked before it is loaded.
        mustReload = true;
        continue;
      }
      if (!next.isStaged) await files.stage(config.rendered);
      if (await reloadOrRestore(candidates, next)) {
        atRuntime.reloaded();
        await files.clean(config.rendered);
        return { ...installed, config, outcome: 'reloaded' as const };
      }
      mustReload ||= !next.isChecked;
      loaded = await refreshCertificates(candidates);
    }
  }

  /** A life that ended within a reload may have left a configuration that HAProxy did not take, with the one before aside. */
  async function isUsable(): Promise<boolean> {
    const { ok, output } = await haproxy.check(files.configFile);
    if (!ok) logger.warn('The last configuration cannot be used', { reason: alertsOf(output)[0] });
    return ok;
  }

  return {
    isLive: () => running !== undefined,
    idleBackends: () => running?.idle ?? new Set(),
    liveThumbprint: () => (haproxy.running() ? running?.thumbprint : undefined),
    async resume() {
      if ((await files.read()) === undefined) return;
      // A disk that is full keeps nothing from running what is there.
      await Promise.all([certificates.refresh(), deps.certified.refresh()]).catch((error: unknown) => {
        logger.warn('Files of certificates cannot be written', { reason: messageOf(error) });
      });
      if (!(await isUsable()) && !((await files.restore()) && (await isUsable()))) return;
      const result = await haproxy.reload();
      if (result.ok) entryPorts.loaded((await files.read()) ?? '');
      logger.info('The last configuration runs until the services are known', { ok: result.ok });
    },
    async reloadFromDisk() {
      if (running === undefined && (await files.read()) === undefined) return false;
      const { ok, output } = await haproxy.check(files.configFile);
      if (!ok) throw new ConfigRejectedError(`Config validation failed: ${alertsOf(output)[0] ?? 'refused'}`);
      const result = await haproxy.reload();
      if (!result.ok) throw new UpstreamError(`HAProxy could not be reloaded: ${result.reason}`);
      entryPorts.loaded((await files.read()) ?? '');
      return true;
    },
    async run({ candidates: asked, awaited }, force = false) {
      await haproxy.throttle();
      const begunAt = performance.now();
      const candidates = createCandidates({
        candidates: asked,
        awaited: idleBackends.withoutRefused(awaited),
      });
      rejectCanaryConflicts(candidates);
      await entryPorts.reject(candidates);
      const {
        config,
        outcome,
        certificates: loaded,
        newCertificates,
        certified,
      } = await install(candidates, force);
      const nowAsked = new Map([...candidates.versions, ...candidates.awaited]);
      const services = changedServices(running?.asked, nowAsked);
      const reason = reasonOf({ first: running === undefined, force, newCertificates, services });
      const templates =
        running && outcome !== 'reloaded' ? running.templates : templatesOf(config.rendered.blocks);
      const versions = new Map(candidates.versions);
      running = { ...config, certificates: loaded, certified, templates, versions, asked: nowAsked };
      entryPorts.loaded(config.rendered.text);
      return {
        outcome,
        reason,
        services,
        verdicts: candidates.verdicts(),
        durationMs: performance.now() - begunAt,
      };
    },
  };
}
