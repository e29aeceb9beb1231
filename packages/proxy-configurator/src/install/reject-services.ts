import { ConfigRejectedError } from '@docker-flow/daemon/errors';
import { bisectRejected } from '@docker-flow/daemon/rejection/bisect';
import { alertsOf, attributeAlerts } from '../core/changes/attribute-alerts.js';
import type { Rejection, Versions } from '../core/model/service-version.js';
import type { RenderedConfig } from '../core/text/render.js';
import type { Candidates } from './candidates.js';

/** What HAProxy said against a configuration. */
export interface Refusal {
  readonly output: string;
  readonly rendered: RenderedConfig;
  /** What HAProxy prints about other versions; absent: it cannot be asked, and all that is new is rejected. */
  readonly checkWith?: (versions: Versions) => Promise<string>;
}

/**
 * Rejects the services HAProxy complains about. Where it names none, those that do not run yet are tried half by half,
 * unless a variable of the operator is at fault.
 *
 * @throws {ConfigRejectedError} when no service is at fault, naming the variable if one is
 */
export async function rejectServices(candidates: Candidates, refusal: Refusal): Promise<void> {
  const { services, variables, others } = attributeAlerts(refusal.output, refusal.rendered);
  const named = [...services].filter(([name]) => candidates.versions.has(name));
  if (named.length === 0 && variables[0] !== undefined) throw refused(variables[0]);
  const fresh = candidates.fresh();
  const freshNamed = named.filter(([name]) => fresh.has(name));
  // One that runs may stand behind a new one in the file, and be well once that has gone.
  const toBlame = freshNamed.length > 0 ? freshNamed : named;
  const isKnown = freshNamed.length > 0 || (named.length > 0 && !(await isFaultOfFresh(candidates, refusal)));
  const rejected = isKnown
    ? new Map(toBlame)
    : await findAmongFresh(candidates, refusal, others[0] ?? named[0]?.[1]);
  for (const [name, complaint] of rejected) candidates.reject(name, rejectedByHaproxy(complaint));
}

/**
 * Whether what runs would be taken without what is new: of two that cannot be there together HAProxy names the second one
 * in the file, which may be the one that was there first.
 */
async function isFaultOfFresh(candidates: Candidates, { checkWith }: Refusal): Promise<boolean> {
  if (!checkWith || candidates.fresh().size === 0) return false;
  return alertsOf(await checkWith(candidates.withFresh(new Set()))).length === 0;
}

async function findAmongFresh(
  candidates: Candidates,
  { checkWith }: Refusal,
  complaint = 'HAProxy refuses the configuration and does not say why',
): Promise<ReadonlyMap<string, string>> {
  const fresh = candidates.fresh();
  const rejected = checkWith
    ? await bisectRejected(
        [...fresh.keys()],
        async (included) => alertsOf(await checkWith(candidates.withFresh(included)))[0],
        { reason: complaint },
      )
    : new Map([...fresh.keys()].map((name) => [name, complaint]));
  if (rejected.size === 0) throw refused(complaint);
  return rejected;
}

function refused(complaint: string): ConfigRejectedError {
  return new ConfigRejectedError(`Config validation failed: ${complaint}`);
}

function rejectedByHaproxy(complaint: string): Rejection {
  return { kind: 'haproxy', status: 500, message: `Config validation failed: ${complaint}` };
}
