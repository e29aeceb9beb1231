import { createHash } from 'node:crypto';
import { CATALOGUE, compareBytes, parseLabelKey, type Parameters } from '@docker-flow/labels';
import { createParameters, fullName } from '../core/services/service-parameters.js';
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
  return { etag: tagOf(rows), body: () => `[${rows.join(',')}]` };
}

function tagOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `"${hash.digest('base64url').slice(0, 27)}"`;
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
  /** Whether the stack is cut off its name. */
  readonly isShortened: boolean;
  readonly isRunning: boolean;
  readonly text: string;
  /** Without what only callers with the token may see; most rows hold nothing of the kind. */
  readonly masked: string;
}

/** The same answer for those who show the token, and for others. */
export interface ServiceSnapshots {
  readonly whole: Snapshot;
  readonly masked: () => Snapshot;
  /** The same beside the services of which nothing runs right now: `{"services": […], "notRunning": […]}`. */
  readonly complete: (how: 'whole' | 'masked') => Snapshot;
}

const SECRET_PARAMETERS = new Set(
  Object.values(CATALOGUE)
    .flat()
    .filter(({ secret }) => secret === true)
    .map(({ name }) => name),
);
const MASK = '***';

function withoutSecrets(parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([parameter, value]) => [
      parameter,
      SECRET_PARAMETERS.has(parseLabelKey(parameter).name) ? MASK : value,
    ]),
  );
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
}: ServiceSnapshotDeps): () => Promise<ServiceSnapshots> {
  /** By what was seen: as long as that is the same, so is what is said of it. */
  const rows = new WeakMap<Observation, Row>();

  function rowFor(observation: Observation): Row {
    let row = rows.get(observation);
    if (!row) {
      const parameters = createParameters(observation.service, rules, observation.nodeInfo?.value);
      const name = parameters['serviceName'] ?? '';
      row = {
        id: observation.service.id,
        name,
        isShortened: name !== fullName(observation.service, rules.namePrefix),
        isRunning: observation.serving !== false,
        text: rowOf(parameters),
        masked: rowOf(withoutSecrets(parameters)),
      };
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
    const all = services.map((service) => rowFor(tasks ? observationOf(service, tasks) : { service }));
    const found = sorted(withoutTakenNames(hasReceivers ? all.filter(({ isRunning }) => isRunning) : all));
    return {
      whole: snapshotOf(found.map(({ text }) => text)),
      masked: () => snapshotOf(found.map(({ masked }) => masked)),
      complete: (how) => completeSnapshot(found, all, how === 'whole' ? 'text' : 'masked'),
    };
  };
}

function completeSnapshot(running: readonly Row[], all: readonly Row[], text: 'text' | 'masked'): Snapshot {
  const taken = new Set(running.map(({ name }) => name));
  const others = sorted(withoutTakenNames(all).filter(({ name }) => !taken.has(name)));
  const parts = [running, others].map((rows) => rows.map((row) => row[text]).join(','));
  return {
    etag: tagOf([parts.join('|')]),
    body: () => `{"services":[${parts[0] ?? ''}],"notRunning":[${parts[1] ?? ''}]}`,
  };
}

function sorted(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => compareBytes(a.name, b.name) || compareBytes(a.id, b.id));
}

/** The service whose whole name it is keeps it, as in what is announced: one that only calls itself so is left out. */
function withoutTakenNames(rows: readonly Row[]): Row[] {
  const whole = new Set(rows.filter(({ isShortened }) => !isShortened).map(({ name }) => name));
  return rows.filter(({ isShortened, name }) => !isShortened || !whole.has(name));
}

/**
 * All nodes in Docker's order, as their creates would say it.
 *
 * @throws {UpstreamError} when Docker does not answer
 */
export async function snapshotNodes(swarm: Pick<Swarm, 'listNodes'>): Promise<Snapshot> {
  return snapshotOf((await swarm.listNodes()).map((node) => rowOf(nodeCreateParameters(node))));
}
