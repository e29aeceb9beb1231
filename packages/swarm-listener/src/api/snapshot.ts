import { createHash } from 'node:crypto';
import { compareBytes, type Parameters } from '@docker-flow/labels';
import { createParameters } from '../core/services/service-parameters.js';
import { nodeCreateParameters } from '../core/services/node-parameters.js';
import type { Observation, Observe } from '../core/services/observation.js';
import type { ServiceRules } from '../core/services/service-model.js';
import type { Swarm } from '../ports.js';
import { listTasksAndNodes } from '../watch/task-snapshot.js';

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

export interface ServiceSnapshotDeps {
  readonly swarm: Swarm;
  readonly rules: ServiceRules;
  readonly observationOf: Observe;
  /** Whether anybody is told of services. */
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
  swarm,
  rules,
  observationOf,
  hasReceivers,
}: ServiceSnapshotDeps): () => Promise<Snapshot> {
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
    const services = await swarm.listServices();
    const needsTasks = services.length > 0 && (hasReceivers || rules.nodeInfo !== 'off');
    const ids = services.map((service) => service.id);
    const tasks = needsTasks
      ? await listTasksAndNodes(swarm, ids, (query) => swarm.listRecentTasks(query))
      : undefined;
    const found = services.flatMap((service) => {
      const observation: Observation = tasks ? observationOf(service, tasks) : { service };
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
export async function snapshotNodes(swarm: Pick<Swarm, 'listNodes'>): Promise<Snapshot> {
  return snapshotOf((await swarm.listNodes()).map((node) => rowOf(nodeCreateParameters(node))));
}
