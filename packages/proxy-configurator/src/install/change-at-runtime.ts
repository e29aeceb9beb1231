import type { BackendChanges } from '../core/changes/backend-changes.js';
import type { CertificateChange } from '../core/changes/certificate-changes.js';
import { tableChanges } from '../core/changes/table-changes.js';
import type { CertifiedTable, ConfigFiles, Outcome } from '../ports.js';
import type { Loaded, Rendered } from './rendering.js';
import type { RuntimeChanges } from './runtime-changes.js';

export interface ChangeAtRuntimeDeps {
  readonly atRuntime: RuntimeChanges;
  readonly files: Pick<ConfigFiles, 'stage' | 'place' | 'clean'>;
  readonly certified: Pick<CertifiedTable, 'file'>;
}

/** From what runs to what is wanted. */
export interface WantedChange {
  /** With the names that have a valid certificate. */
  readonly from: Loaded & { readonly certified: readonly string[] };
  readonly next: Rendered;
  readonly changes: BackendChanges;
  readonly certificateChange: CertificateChange;
  readonly certified: readonly string[];
}

/**
 * Makes HAProxy run another configuration without a reload, step by step, so that no request meets a route without a
 * backend between two of them; answers how it went, `undefined` when HAProxy has to be reloaded.
 */
export function createChangeAtRuntime(deps: ChangeAtRuntimeDeps) {
  const { atRuntime, files, certified: tableOfCertified } = deps;
  return async ({
    from,
    next,
    changes,
    certificateChange,
    certified,
  }: WantedChange): Promise<Outcome | undefined> => {
    const isSameText = next.rendered.text === from.rendered.text;
    const isSameLive = tableChanges(from.rendered.live, next.rendered.live).length === 0;
    if (!isSameLive && !(await atRuntime.tables(from.rendered.live, next.rendered.live))) return undefined;
    if (!isSameText || !isSameLive) {
      if (!(await atRuntime.newBackends(changes.added))) return undefined;
      if (!(await atRuntime.additions(changes.servers))) return undefined;
      if (!(await atRuntime.moves(from.servers, next.servers))) return undefined;
      // Only now: a route may lead to a new backend, and to none that goes.
      if (!(await atRuntime.lookups(changes.tables))) return undefined;
      if (!(await atRuntime.rests(from.servers, next.servers))) return undefined;
      await files.stage(next.rendered);
      await files.place();
      if (changes.tables.length > 0) await files.clean(next.rendered);
      await atRuntime.oldBackends(changes.removed);
    }
    if (!(await atRuntime.certificates(certificateChange))) return undefined;
    // Only then: nobody is sent to https before the certificate is there.
    const usesTable = from.rendered.text.includes(tableOfCertified.file);
    if (usesTable && !(await atRuntime.certified(from.certified, certified))) return undefined;
    if (certificateChange.kind === 'runtime') return 'certificates';
    if (changes.added.length + changes.removed.length > 0) return 'backends';
    if (!isSameLive || changes.tables.length > 0) return 'tables';
    if (changes.servers.length > 0) return 'servers';
    return isSameText ? 'unchanged' : 'addresses';
  };
}
