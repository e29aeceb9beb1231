import { createHash } from 'node:crypto';
import { compareBytes, type Parameters } from '@docker-flow/labels';
import { isOfInterest } from '../core/services/interest.js';
import { createParameters } from '../core/services/service-parameters.js';
import { nodeCreateParameters } from '../core/services/node-parameters.js';
import type { ServiceRules, Observation } from '../core/services/service-model.js';
import type { Docker } from '../ports.js';
import { listTasksAndNodes, type Observations } from '../watch/task-snapshot.js';

/** An answer as it goes over the wire. `etag` is equal exactly when the body is. */
export interface Snapshot {
  readonly etag: string;
  /** Made when it is wanted: most who ask have it already, and it may be a megabyte. */
  readonly body: () => string;
}

/** `rows`: the JSON of each row. */
function snapshotOf(rows: readonly string[]): Snapshot {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(row);
  return { etag: `"${hash.digest('base64url').slice(0, 27)}"`, body: () => `[${rows.join(',')}]` };
}

function rowOf(parameters: Parameters): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => compareBytes(a, b));
  return JSON.stringify(Object.fromEntries(sorted));
}

export interface ServiceSnapshotParts {
  readonly docker: Docker;
  readonly rules: ServiceRules;
  readonly observations: Observations;
  readonly hasReceivers: boolean;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/**
 * Answers all services of interest of which something serves, sorted by name, as their creates would say it.
 * Without receivers nothing is left out. Asking changes nothing; the answer throws {UpstreamError} when Docker does
 * not answer.
 */
export function createServiceSnapshots({
  docker,
  rules,
  observations,
  hasReceivers,
}: ServiceSnapshotParts): () => Promise<Snapshot> {
  /** By what was seen: as long as that is the same, so is what is said of it. */
  const rows = new WeakMap<Observation, Row>();

  function rowFor(observation: Observation): Row {
    let row = rows.get(observation);
    if (!row) {
      const parameters = createParameters(observation.service, rules, observation.nodeInfo?.value);
      row = { id: observation.service.id, name: parameters['serviceName'] ?? '', text: rowOf(parameters) };
      rows.set(observation, row);
    }
    return row;
  }

  return async () => {
    const listed = await docker.listServices();
    const services = listed.filter((service) => isOfInterest(service.labels, rules.notify));
    const needsTasks = services.length > 0 && (hasReceivers || rules.nodeInfo !== 'off');
    const ids = services.map((service) => service.id);
    const taskSnapshot = needsTasks ? await listTasksAndNodes(docker, ids) : undefined;
    const found = services.flatMap((service) => {
      const observation: Observation = taskSnapshot ? observations(service, taskSnapshot) : { service };
      return hasReceivers && observation.serving === false ? [] : [rowFor(observation)];
    });
    found.sort((a, b) => compareBytes(a.name, b.name) || compareBytes(a.id, b.id));
    return snapshotOf(found.map(({ text }) => text));
  };
}

/**
 * All nodes in Docker's order, as their creates would say it.
 *
 * @throws {UpstreamError} when Docker does not answer
 */
export async function snapshotNodes(docker: Docker): Promise<Snapshot> {
  return snapshotOf((await docker.listNodes()).map((node) => rowOf(nodeCreateParameters(node))));
}
