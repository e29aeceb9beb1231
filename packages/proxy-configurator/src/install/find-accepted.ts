import { alertsOf } from '../core/changes/attribute-alerts.js';
import {
  planCertificateChange,
  type CertificateChange,
  type LoadedCertificate,
} from '../core/changes/certificate-changes.js';
import { unusedText } from '../core/text/blocks.js';
import type { MainTemplate } from '../core/text/render.js';
import type { ConfigFiles, Haproxy, LoadableCertificates } from '../ports.js';
import type { Candidates } from './candidates.js';
import type { EntryPorts } from './entry-ports.js';
import type { IdleBackends } from './idle-backends.js';
import { rejectCertificates } from './label-certificates.js';
import type { NewAlone } from './new-alone.js';
import { rejectServices } from './reject-services.js';
import type { Loaded, NextConfig, Rendering } from './rendering.js';

/** What HAProxy runs, with the certificates that it has loaded. */
export interface LoadedWithCertificates extends Loaded {
  readonly certificates: readonly LoadedCertificate[];
}

/** From what a configuration is made, beside the candidates. */
export interface Given {
  readonly running: LoadedWithCertificates | undefined;
  readonly template: MainTemplate | undefined;
  /** Those that are there now. */
  readonly certificates: readonly LoadedCertificate[];
  /** HAProxy is going to be reloaded whatever has changed. */
  readonly mustReload: boolean;
}

/** A configuration that HAProxy takes, as far as it was asked. */
export interface Accepted extends NextConfig {
  readonly certificates: readonly LoadedCertificate[];
  readonly certificateChange: CertificateChange;
  /** Whether it was asked about all of it: a reload may refuse what it was not. */
  readonly isChecked: boolean;
  /** Whether it lies beside the live one, to be placed. */
  readonly isStaged: boolean;
}

export interface FindAcceptedDeps {
  readonly haproxy: Pick<Haproxy, 'check' | 'running'>;
  readonly files: Pick<ConfigFiles, 'stage'>;
  readonly certificates: LoadableCertificates;
  readonly rendering: Rendering;
  readonly idleBackends: IdleBackends;
  readonly newAlone: NewAlone;
  readonly entryPorts: EntryPorts;
  /** Looks at all certificates, with those that the candidates bring. */
  readonly refreshCertificates: (candidates: Candidates) => Promise<readonly LoadedCertificate[]>;
}

/**
 * Answers what HAProxy takes of the candidates: rejects services, and leaves certificates out, until it takes the rest.
 * It is asked about no more than it has to be.
 *
 * @throws {ConfigRejectedError} when HAProxy refuses the configuration and no service is at fault
 */
export type FindAccepted = (candidates: Candidates, given: Given) => Promise<Accepted>;

export function createFindAccepted(deps: FindAcceptedDeps): FindAccepted {
  const { haproxy, files, certificates, rendering, idleBackends, newAlone } = deps;

  /** Whether HAProxy will take the file, too, that it is not going to load now. */
  async function isReadable(next: NextConfig, candidates: Candidates, running: Loaded): Promise<boolean> {
    if (unusedText(next.config.rendered.blocks) === unusedText(running.rendered.blocks)) return true;
    const fresh = candidates.fresh();
    return fresh.size === 0 || newAlone.isTaken(fresh);
  }

  /**
   * Whether a check of everything can be left out. A template of the operator may make anything of the services, and a
   * HAProxy that starts has nothing to go on with.
   */
  async function isKnownToBeTaken(
    next: NextConfig,
    candidates: Candidates,
    { running, template }: Given,
  ): Promise<boolean> {
    if (running === undefined || !haproxy.running()) return false;
    if (next.changes) return isReadable(next, candidates, running);
    return template === undefined && newAlone.isEnough(candidates, idleBackends.fresh(candidates, running));
  }

  /** Takes away what HAProxy complains about, and lets others have what that held. */
  async function rejectBlamed(candidates: Candidates, output: string, next: NextConfig, given: Given) {
    const { template, running } = given;
    const complaints = alertsOf(output);
    const blamed = certificates.blamed(complaints);
    rejectCertificates(candidates, blamed);
    if (!certificates.leaveOut(complaints) && blamed.size === 0) {
      await rejectServices(candidates, {
        output,
        rendered: next.config.rendered,
        checkWith: async (versions) => {
          const { awaited } = candidates;
          const { config } = rendering.renderNext({ versions, awaited }, template, running);
          return (await haproxy.check(await files.stage(config.rendered))).output;
        },
      });
    }
    await deps.entryPorts.settle(candidates);
  }

  return async (candidates, given) => {
    const { running, template, mustReload } = given;
    let loaded = given.certificates;
    for (;;) {
      const next = mustReload
        ? rendering.renderNext(candidates, template, undefined)
        : rendering.renderNext(candidates, template, running, idleBackends.gone(candidates, running));
      const certificateChange = planCertificateChange(running?.certificates ?? loaded, loaded, certificates);
      const mustCheck = mustReload || certificateChange.kind === 'reload';
      const unchecked = {
        ...next,
        certificates: loaded,
        certificateChange,
        isChecked: false,
        isStaged: false,
      };
      if (!mustCheck && (await isKnownToBeTaken(next, candidates, given))) return unchecked;
      const { ok, output } = await haproxy.check(await files.stage(next.config.rendered));
      if (ok) return { ...unchecked, isChecked: true, isStaged: true };
      // What has no routes yet may cost nobody else anything.
      if (idleBackends.leaveOut(candidates, output, next.config.rendered, running)) continue;
      await rejectBlamed(candidates, output, next, given);
      loaded = await deps.refreshCertificates(candidates);
    }
  };
}
