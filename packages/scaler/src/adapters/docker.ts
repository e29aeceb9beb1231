import type Docker from 'dockerode';
import { ConflictError, messageOf } from '@docker-flow/daemon/errors';
import { splitArray } from '../core/spec-text.js';
import type { NodeRole, ServiceEvent, Swarm, SwarmService, SwarmTask } from '../ports.js';
import { DockerError } from './docker-error.js';
import { callDocker, openDocker, type DockerCall } from './docker-http.js';
import { parseService } from './service-json.js';
import { parseTask } from './task-json.js';

export interface DockerSwarmOptions {
  readonly docker: Docker;
  /** The endpoint, for messages. */
  readonly description: string;
  /** Called for each failed call, with what it was for. */
  readonly onError?: (call: string) => void;
}

/** Docker's wording since 2016; the status differs between versions, so the text decides. */
const OUT_OF_SEQUENCE = 'update out of sequence';

/** The few calls the scaler makes, over a connection that dockerode holds. */
export function createDockerSwarm({ docker, description, onError }: DockerSwarmOptions): Swarm {
  async function call(name: string, request: DockerCall): Promise<string> {
    try {
      return await callDocker(docker, request, description);
    } catch (error) {
      if (!isExpected(error)) onError?.(name);
      throw error;
    }
  }

  async function inspectService(nameOrId: string): Promise<SwarmService> {
    try {
      const path = servicePath(nameOrId);
      const query = { insertDefaults: 'false' };
      return readService(await call('service_inspect', { method: 'GET', path, query }));
    } catch (error) {
      if (error instanceof DockerError && error.dockerStatus === 404) throw noSuchService(nameOrId);
      throw error;
    }
  }

  async function listServices(label?: string): Promise<readonly SwarmService[]> {
    const filters = label === undefined ? {} : { filters: JSON.stringify({ label: [label] }) };
    const query = { status: 'true', ...filters };
    const text = await call('service_list', { method: 'GET', path: '/services', query });
    return splitArray(text).map(readService);
  }

  async function listTasks(serviceId?: string): Promise<readonly SwarmTask[]> {
    const query = serviceId === undefined ? {} : { filters: JSON.stringify({ service: [serviceId] }) };
    return splitArray(await call('task_list', { method: 'GET', path: '/tasks', query })).map(readTask);
  }

  async function updateService({ id, version }: SwarmService, specText: string): Promise<void> {
    const query = { registryAuthFrom: 'spec', version: String(version) };
    try {
      await call('service_update', {
        method: 'POST',
        path: `${servicePath(id)}/update`,
        query,
        body: specText,
      });
    } catch (error) {
      if (isConflict(error)) throw new ConflictError(messageOf(error), { cause: error });
      throw error;
    }
  }

  async function countReadyNodes(role: NodeRole): Promise<number> {
    const query = { filters: JSON.stringify({ role: [role] }) };
    const nodes = JSON.parse(await call('node_list', { method: 'GET', path: '/nodes', query })) as readonly {
      readonly Status?: { readonly State?: string };
    }[];
    return nodes.filter((node) => node.Status?.State === 'ready').length;
  }

  async function checkManager(): Promise<void> {
    const info = JSON.parse(await call('info', { method: 'GET', path: '/info' })) as {
      readonly Swarm?: { readonly ControlAvailable?: boolean };
    };
    if (info.Swarm?.ControlAvailable !== true) throw new DockerError('Docker is not a Swarm manager');
  }

  async function* watchServices(signal: AbortSignal): AsyncGenerator<ServiceEvent> {
    const query = { filters: JSON.stringify({ type: ['service'] }) };
    const stream = await openDocker(docker, { method: 'GET', path: '/events', query, signal }, description);
    // Node's default would end an idle stream of events with the connection's time limit.
    stream.socket.setTimeout(0);
    let rest = '';
    for await (const chunk of stream) {
      rest += (chunk as Buffer).toString('utf8');
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = readEvent(line);
        if (event) yield event;
      }
    }
  }

  return {
    inspectService,
    listServices,
    listTasks,
    updateService,
    countReadyNodes,
    checkManager,
    watchServices,
  };
}

function readService(text: string): SwarmService {
  try {
    return parseService(text);
  } catch (error) {
    throw new DockerError(`Docker sent a service that cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function readTask(text: string): SwarmTask {
  try {
    return parseTask(text);
  } catch (error) {
    throw new DockerError(`Docker sent a task that cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function readEvent(line: string): ServiceEvent | undefined {
  try {
    const { Action: action, Actor: actor } = JSON.parse(line) as {
      Action?: unknown;
      Actor?: { ID?: unknown };
    };
    return typeof action === 'string' && typeof actor?.ID === 'string' ? { id: actor.ID, action } : undefined;
  } catch {
    return undefined;
  }
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
