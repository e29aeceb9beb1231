import type { DockerConnection } from '@docker-flow/docker/connection';
import { DockerError } from '@docker-flow/docker/docker-error';
import { LABELLED_LIST, TASK_LIST, createListReader, filterQuery } from '@docker-flow/docker/list-reader';
import type { DockerEvent } from '@docker-flow/docker/objects/read-event';
import { readNode } from '@docker-flow/docker/objects/read-node';
import { readService } from '@docker-flow/docker/objects/read-service';
import { readTask } from '@docker-flow/docker/objects/read-task';
import type { Docker, SwarmEvent, TaskQuery } from '../ports.js';

export interface DockerOptions {
  readonly connection: DockerConnection;
  /** Services that have this label, whatever its value, are listed. */
  readonly notifyKey: string;
  /** The labels of a service that are needed. */
  readonly isKeptLabel: (label: string) => boolean;
}

type Filters = Readonly<Record<string, readonly string[]>>;

/** The few reads of the Engine API that we need. */
export function createDocker({ connection, notifyKey, isKeptLabel }: DockerOptions): Docker {
  const readOurs = (raw: unknown) => readService(raw, isKeptLabel);
  const tasksReader = () => createListReader(connection, { path: '/tasks', read: readTask, ...TASK_LIST });
  const readers = {
    services: createListReader(connection, { path: '/services', read: readOurs, ...LABELLED_LIST }),
    nodes: createListReader(connection, { path: '/nodes', read: readNode, ...LABELLED_LIST }),
    allTasks: tasksReader(),
    someTasks: tasksReader(),
  };

  async function inspect<T>(path: string, read: (raw: unknown) => T): Promise<T | undefined> {
    try {
      return read(await connection.readJson(path));
    } catch (error) {
      if (error instanceof DockerError && error.dockerStatus === 404) return undefined;
      throw error;
    }
  }

  return {
    listServices: () => readers.services(filterQuery({ label: [notifyKey] })),
    inspectService: (id) => inspect(`/services/${encodeURIComponent(id)}`, readOurs),
    listTasks(query) {
      const read = query.serviceIds ? readers.someTasks : readers.allTasks;
      return read(filterQuery(taskFilters(query)));
    },
    listNodes: () => readers.nodes({}),
    inspectNode: (id) => inspect(`/nodes/${encodeURIComponent(id)}`, readNode),
    follow: (type, handlers, signal) =>
      connection.follow(
        { type: [type] },
        {
          onOpen: (apiVersion) => handlers.onOpen(apiVersion),
          onEvent(event) {
            if (event.type === type) handlers.onEvent(hintOf(event));
          },
        },
        signal,
      ),
    followLocalTasks: (onService, signal) =>
      connection.follow(
        { type: ['container'], event: ['start', 'die', 'health_status'], label: [SERVICE_ID_LABEL] },
        {
          onOpen: () => undefined,
          onEvent({ attributes }) {
            const id = attributes[SERVICE_ID_LABEL];
            if (typeof id === 'string') onService(id);
          },
        },
        signal,
      ),
  };
}

const SERVICE_ID_LABEL = 'com.docker.swarm.service.id';

function hintOf({ id, action, attributes }: DockerEvent): SwarmEvent {
  const { name } = attributes;
  return {
    id,
    removed: action === 'remove' || attributes['state.new'] === 'down',
    name: typeof name === 'string' ? name : '',
  };
}

/** Tasks of jobs are wanted complete while they run. */
const SERVING_STATES = ['running', 'complete'];

function taskFilters({ serviceIds, which }: TaskQuery): Filters {
  return {
    ...(serviceIds ? { service: serviceIds } : {}),
    ...(which === 'newest'
      ? { '_up-to-date': ['true'], 'desired-state': ['running', 'accepted'] }
      : { 'desired-state': SERVING_STATES }),
  };
}
