import { createHash } from 'node:crypto';
import { compareBytes, type Parameters } from '@docker-flow/labels';
import { isOfInterest } from '../core/interest.js';
import { createParameters } from '../core/service-parameters.js';
import { nodeCreateParameters } from '../core/node-parameters.js';
import type { ServiceRules } from '../core/service-model.js';
import type { Docker } from '../ports.js';
import { gatherFacts, sightOf } from './facts.js';

/** An answer as it goes over the wire. `etag` is equal exactly when the body is. */
export interface Snapshot {
  readonly body: string;
  readonly etag: string;
}

function snapshotOf(rows: readonly Parameters[]): Snapshot {
  const body = JSON.stringify(rows.map(sorted));
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}

function sorted(row: Parameters): Parameters {
  return Object.fromEntries(Object.entries(row).sort(([a], [b]) => compareBytes(a, b)));
}

/**
 * All services of interest of which something serves, sorted by name, as their creates would say it.
 * Without receivers nothing is left out. Asking changes nothing.
 *
 * @throws {UpstreamError} when Docker does not answer
 */
export async function snapshotServices(
  docker: Docker,
  rules: ServiceRules,
  { hasReceivers }: { hasReceivers: boolean },
): Promise<Snapshot> {
  const listed = await docker.listServices();
  const services = listed.filter((service) => isOfInterest(service.labels, rules.notify));
  const needsTasks = services.length > 0 && (hasReceivers || rules.nodeInfo !== 'off');
  const facts = needsTasks
    ? await gatherFacts(
        docker,
        services.map((service) => service.id),
      )
    : undefined;
  const rows = services.flatMap((service) => {
    const sight = facts && sightOf(service, facts, rules.nodeInfo);
    if (hasReceivers && sight?.serving === false) return [];
    return [{ id: service.id, row: createParameters(service, rules, sight?.nodeInfo.value) }];
  });
  rows.sort(
    (a, b) =>
      compareBytes(a.row['serviceName'] ?? '', b.row['serviceName'] ?? '') || compareBytes(a.id, b.id),
  );
  return snapshotOf(rows.map(({ row }) => row));
}

/**
 * All nodes in Docker's order, as their creates would say it.
 *
 * @throws {UpstreamError} when Docker does not answer
 */
export async function snapshotNodes(docker: Docker): Promise<Snapshot> {
  return snapshotOf((await docker.listNodes()).map(nodeCreateParameters));
}
