import { ConflictError, messageOf } from '@docker-flow/daemon/errors';
import type { DockerConnection } from '@docker-flow/docker/connection';
import { LABELLED_LIST, TASK_LIST, createListReader, filterQuery } from '@docker-flow/docker/list-reader';
import { readNode } from '@docker-flow/docker/objects/read-node';
import { readService } from '@docker-flow/docker/objects/read-service';
import { DockerError, type InspectedService, type Swarm } from '../ports.js';
import { parseInspected } from './inspected-service.js';
import { readTask } from './read-task.js';

export interface DockerSwarmOptions {
  readonly connection: DockerConnection;
  /** Called for each failed call, with what it was for. */
  readonly onError?: (call: string) => void;
}

/** Docker's wording since 2016; the status differs between versions, so the text decides. */
const OUT_OF_SEQUENCE = 'update out of sequence';

/** The few calls the scaler makes. */
export function createDockerSwarm({ connection, onError }: DockerSwarmOptions): Swarm {
  const servicesReader = () =>
    createListReader(connection, { path: '/services', read: (raw) => readService(raw), ...LABELLED_LIST });
  const tasksReader = () => createListReader(connection, { path: '/tasks', read: readTask, ...TASK_LIST });
  const nodesReader = () =>
    createListReader(connection, { path: '/nodes', read: readNode, ...LABELLED_LIST });
  const readers = {
    allServices: servicesReader(),
    someServices: servicesReader(),
    allTasks: tasksReader(),
    someTasks: tasksReader(),
    nodes: nodesReader(),
  };

  async function counted<T>(name: string, call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (!isExpected(error)) onError?.(name);
      throw error;
    }
  }

  async function inspectService(nameOrId: string): Promise<InspectedService> {
    const path = servicePath(nameOrId);
    const call = connection.read({ method: 'GET', path, query: { insertDefaults: 'false' } });
    try {
      return parseInspected(await counted('service_inspect', call));
    } catch (error) {
      if (error instanceof DockerError && error.dockerStatus === 404) throw noSuchService(nameOrId);
      throw error;
    }
  }

  return {
    inspectService,
    listServices(label) {
      const query = filterQuery(label === undefined ? {} : { label: [label] });
      const read = label === undefined ? readers.allServices : readers.someServices;
      return counted('service_list', read({ status: 'true', ...query }));
    },
    listTasks(serviceIds) {
      const read = serviceIds === undefined ? readers.allTasks : readers.someTasks;
      const filters = { 'desired-state': ['running', 'ready'], ...(serviceIds && { service: serviceIds }) };
      return counted('task_list', read(filterQuery(filters)));
    },
    // Seldom asked for, so these two remember nothing.
    listTaskHistory: (serviceId) =>
      counted('task_list', tasksReader()(filterQuery({ service: [serviceId] }))),
    async nodeNames() {
      const nodes = await counted('node_list', nodesReader()({}));
      return new Map(nodes.map(({ id, hostname }) => [id, hostname]));
    },
    async updateService({ id, version }, specText) {
      const call = connection.read({
        method: 'POST',
        path: `${servicePath(id)}/update`,
        query: { registryAuthFrom: 'spec', version: String(version) },
        body: specText,
      });
      try {
        await counted('service_update', call);
      } catch (error) {
        if (isConflict(error)) throw new ConflictError(messageOf(error), { cause: error });
        throw error;
      }
    },
    async countReadyNodes(role) {
      const nodes = await counted('node_list', readers.nodes(filterQuery({ role: [role] })));
      return nodes.filter(({ state }) => state === 'ready').length;
    },
    async checkManager() {
      const info = (await counted('info', connection.readJson('/info'))) as {
        readonly Swarm?: { readonly ControlAvailable?: boolean };
      } | null;
      if (info?.Swarm?.ControlAvailable !== true) throw new DockerError('Docker is not a Swarm manager');
    },
    watchServices: (onEvent, signal) =>
      connection.follow({ type: ['service'] }, { onOpen: () => undefined, onEvent }, signal),
  };
}

function noSuchService(name: string): DockerError {
  return new DockerError(`Error: No such service: ${name}`, { dockerStatus: 404 });
}

function isConflict(error: unknown): boolean {
  return error instanceof DockerError && error.message.includes(OUT_OF_SEQUENCE);
}

/** Unknown services and lost races belong to normal work and are not counted as Docker's errors. */
function isExpected(error: unknown): boolean {
  return isConflict(error) || (error instanceof DockerError && error.dockerStatus === 404);
}

/** A name that would lead out of its place in the path belongs to no service. */
function servicePath(nameOrId: string): string {
  if (/^\.{0,2}$/.test(nameOrId)) throw noSuchService(nameOrId);
  return `/services/${encodeURIComponent(nameOrId)}`;
}
