import { ConfigRejectedError, messageOf, UpstreamError } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { alertsOf } from '../core/changes/attribute-alerts.js';
import {
  planCertificateChange,
  type CertificateChange,
  type LoadedCertificate,
} from '../core/changes/certificate-changes.js';
import { templatesOf } from '../core/changes/backend-changes.js';
import type { Versions, WantedServices } from '../core/model/service-version.js';
import type { Capabilities, Settings } from '../core/model/settings.js';
import { unusedText } from '../core/text/blocks.js';
import { boundPorts } from '../core/text/bound-ports.js';
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
import { labelCertificates, rejectCertificates } from './label-certificates.js';
import { rejectPortConflicts, rejectTakenPorts } from './entry-ports.js';
import { rejectCanaryConflicts } from './reject-canaries.js';
import { createNewAlone } from './new-alone.js';
import { createIdleBackends } from './idle-backends.js';
import { createRendering, type Loaded, type Rendered } from './rendering.js';
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

interface Running extends Loaded {
  readonly certified: readonly string[];
  readonly certificates: readonly LoadedCertificate[];
  /** The versions of services that were asked for, without backends that were only left. */
  readonly asked: Versions;
}

/** A configuration that HAProxy takes, as far as it was asked. */
interface Accepted extends Rendered {
  readonly certificates: readonly LoadedCertificate[];
  /** Whether it was asked about all of it: a reload may refuse what it was not. */
  readonly isChecked: boolean;
  /** Whether it lies beside the live one, to be placed. */
  readonly isStaged: boolean;
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
  const changeAtRuntime = createChangeAtRuntime({ atRuntime, rendering, files, certified: deps.certified });
  const newAlone = createNewAlone({ files, haproxy, rendering });
  const idleBackends = createIdleBackends({ settings, capabilities });
  let running: Running | undefined;
  /** Ports that HAProxy holds itself: another program on one of them is no reason to refuse it. */
  let ownPorts: ReadonlySet<number> = new Set();

  function needsNoReload(next: Rendered): boolean {
    return running !== undefined && haproxy.running() && rendering.changesTo(running, next) !== undefined;
  }

  /** Whether HAProxy will take the file, too, that it is not going to load now. */
  async function isReadable(next: Rendered, candidates: Candidates): Promise<boolean> {
    const before = unusedText(running?.rendered.blocks ?? []);
    if (unusedText(next.rendered.blocks) === before) return true;
    const fresh = candidates.fresh();
    return fresh.size === 0 || newAlone.isTaken(fresh);
  }

  /** A template of the operator may make anything of the services, and a HAProxy that starts has nothing to go on with. */
  async function mayLeaveToReload(
    candidates: Candidates,
    template: MainTemplate | undefined,
  ): Promise<boolean> {
    if (running === undefined || !haproxy.running() || template) return false;
    return newAlone.isEnough(candidates, idleBackends.fresh(candidates, running));
  }

  /** What has no routes yet may cost nobody else anything. */
  function leaveOutAwaited(candidates: Candidates, output: string, rendered: Rendered['rendered']): boolean {
    return idleBackends.leaveOut(candidates, output, rendered, running);
  }

  async function rejectForPorts(candidates: Candidates): Promise<void> {
    rejectPortConflicts(candidates, settings);
    await rejectTakenPorts(candidates, ownPorts, deps.canListen);
  }

  /** What services that have gone had of entry ports is free for others. */
  async function settlePorts(candidates: Candidates): Promise<void> {
    candidates.readmit();
    await rejectForPorts(candidates);
  }

  /** Rejects services and leaves certificates out until HAProxy takes the rest. */
  async function findAccepted(
    candidates: Candidates,
    template: MainTemplate | undefined,
    loaded: readonly LoadedCertificate[],
    mustReload: boolean,
  ): Promise<Accepted> {
    let left = loaded;
    for (;;) {
      const next = mustReload
        ? rendering.renderNext(candidates, template, undefined)
        : rendering.renderNext(candidates, template, running, idleBackends.gone(candidates, running));
      const mustCheck = mustReload || certificateChange(left).kind === 'reload';
      const unchecked = { ...next, certificates: left, isChecked: false, isStaged: false };
      if (
        !mustCheck &&
        (needsNoReload(next)
          ? await isReadable(next, candidates)
          : await mayLeaveToReload(candidates, template))
      )
        return unchecked;
      const { ok, output } = await haproxy.check(await files.stage(next.rendered));
      if (ok) return { ...unchecked, isChecked: true, isStaged: true };
      if (leaveOutAwaited(candidates, output, next.rendered)) continue;
      const complaints = alertsOf(output);
      const blamed = certificates.blamed(complaints);
      rejectCertificates(candidates, blamed);
      if (!certificates.leaveOut(complaints) && blamed.size === 0) {
        await rejectServices(candidates, {
          output,
          rendered: next.rendered,
          checkWith: async (versions) => {
            const { awaited } = candidates;
            const { rendered } = rendering.renderNext({ versions, awaited }, template, running);
            return (await haproxy.check(await files.stage(rendered))).output;
          },
        });
      }
      await settlePorts(candidates);
      left = await refreshCertificates(candidates);
    }
  }

  /** Looks at all certificates, with those that the candidates bring. */
  function refreshCertificates({ versions }: Candidates): Promise<readonly LoadedCertificate[]> {
    return certificates.refresh(labelCertificates(versions, settings));
  }

  /**
   * False when there is something else to try: services were rejected because HAProxy did not take what it had found
   * valid, or it was not asked about all of it before.
   */
  async function reloadOrRestore(
    candidates: Candidates,
    { rendered, isChecked }: Pick<Accepted, 'rendered' | 'isChecked'>,
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
    if (leaveOutAwaited(candidates, result.output, rendered)) return false;
    if (candidates.fresh().size === 0) {
      throw new UpstreamError(`HAProxy could not be reloaded: ${result.reason}`);
    }
    await rejectServices(candidates, { output: result.output, rendered });
    await settlePorts(candidates);
    return false;
  }

  function certificateChange(now: readonly LoadedCertificate[]): CertificateChange {
    return planCertificateChange(running?.certificates ?? now, now, certificates);
  }

  /** Makes the candidates that HAProxy takes run. */
  async function install(candidates: Candidates, force: boolean) {
    const template = await deps.mainTemplate();
    let loaded = await refreshCertificates(candidates);
    // HAProxy wants its table there when it checks.
    await deps.certified.refresh();
    let mustReload = force;
    for (;;) {
      const next = await findAccepted(candidates, template, loaded, mustReload);
      loaded = next.certificates;
      const certified = await deps.certified.refresh();
      const change = certificateChange(loaded);
      const newCertificates = change.kind !== 'none';
      if (running && !mustReload && change.kind !== 'reload' && needsNoReload(next)) {
        const outcome = await changeAtRuntime({ from: running, next, change, certified });
        if (outcome) {
          const left = await rendering.withoutSpares(next, candidates.versions, template, (spare) =>
            atRuntime.removals(spare),
          );
          const isLess = left !== next && (outcome === 'addresses' || outcome === 'unchanged');
          return { next: left, outcome: isLess ? ('servers' as const) : outcome, newCertificates, certified };
        }
        // What HAProxy does not take while it runs is checked before it is loaded.
        mustReload = true;
        continue;
      }
      if (!next.isStaged) await files.stage(next.rendered);
      if (await reloadOrRestore(candidates, next)) {
        atRuntime.reloaded();
        await files.clean(next.rendered);
        return { next, outcome: 'reloaded' as const, newCertificates, certified };
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
      if (result.ok) ownPorts = boundPorts((await files.read()) ?? '');
      logger.info('The last configuration runs until the services are known', { ok: result.ok });
    },
    async reloadFromDisk() {
      if (running === undefined && (await files.read()) === undefined) return false;
      const { ok, output } = await haproxy.check(files.configFile);
      if (!ok) throw new ConfigRejectedError(`Config validation failed: ${alertsOf(output)[0] ?? 'refused'}`);
      const result = await haproxy.reload();
      if (!result.ok) throw new UpstreamError(`HAProxy could not be reloaded: ${result.reason}`);
      ownPorts = boundPorts((await files.read()) ?? '');
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
      await rejectForPorts(candidates);
      const { next, outcome, newCertificates, certified } = await install(candidates, force);
      const nowAsked = new Map([...candidates.versions, ...candidates.awaited]);
      const services = changedServices(running?.asked, nowAsked);
      const reason = reasonOf({ first: running === undefined, force, newCertificates, services });
      const templates =
        running && outcome !== 'reloaded' ? running.templates : templatesOf(next.rendered.blocks);
      const versions = new Map(candidates.versions);
      running = { ...next, certified, templates, versions, asked: nowAsked };
      ownPorts = boundPorts(next.rendered.text);
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
