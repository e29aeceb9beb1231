import type { IncomingMessage, ServerResponse } from 'node:http';
import { EngineRefusal, type Cluster } from './cluster.js';
import type { EventLog } from './event-log.js';
import { labelFits, passes, readFilters, type Filters } from './filters.js';
import type { EngineNode, EngineService, EngineTask, ServiceSpec } from './objects.js';
import { replicasOf, type EngineState } from './state.js';

/** One call, its version prefix cut off. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface ApiParts {
  readonly state: EngineState;
  readonly cluster: Cluster;
  readonly events: EventLog;
  readonly version: { readonly engine: string; readonly api: string; readonly minApi: string };
}

const texts = new WeakMap<object, string>();

/** Objects are replaced, never changed, so each is written as JSON once. */
function json(object: object): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    texts.set(object, text);
  }
  return text;
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(text);
}

export function sendMessage(response: ServerResponse, status: number, message: string): void {
  sendText(response, status, JSON.stringify({ message }));
}

function sendList(response: ServerResponse, objects: readonly object[]): void {
  sendText(response, 200, `[${objects.map(json).join(',')}]`);
}

function filtersOf(call: Call, allowed: readonly string[] | 'any'): Filters {
  const read = readFilters(call.query.get('filters'), allowed);
  if ('complaint' in read) throw new EngineRefusal(400, read.complaint);
  return read.filters;
}

/** Answers one call; refusals are thrown. False when there is no such route. */
export function answerCall(call: Call, parts: ApiParts): boolean {
  const { method, path, response } = call;
  const { state, cluster, version } = parts;
  const [, first = '', second, third] = path.split('/').map((piece) => decodeURIComponent(piece));
  const route = `${method === 'HEAD' ? 'GET' : method} /${first}${second === undefined ? '' : '/{}'}${third === undefined ? '' : `/${third}`}`;
  switch (route) {
    case 'GET /_ping':
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', Swarm: 'active/manager' });
      response.end('OK');
      return true;
    case 'GET /version':
      sendObject(response, {
        Version: version.engine,
        ApiVersion: version.api,
        MinAPIVersion: version.minApi,
        Os: 'linux',
        Arch: 'amd64',
      });
      return true;
    case 'GET /info':
      sendObject(response, info(parts));
      return true;
    case 'GET /services':
      listServices(call, parts);
      return true;
    case 'GET /services/{}':
      sendOne(response, 'service', second, cluster.service(second ?? ''));
      return true;
    case 'POST /services/{}':
      if (second !== 'create') return false;
      sendText(response, 201, JSON.stringify({ ID: cluster.createService(readSpec(call)).ID }));
      return true;
    case 'POST /services/{}/update':
      updateService(call, second ?? '', cluster);
      return true;
    case 'DELETE /services/{}':
      cluster.removeService(second ?? '');
      sendText(response, 200, '');
      return true;
    case 'GET /tasks':
      listTasks(call, parts);
      return true;
    case 'GET /tasks/{}':
      sendOne(response, 'task', second, state.tasks.get(second ?? ''));
      return true;
    case 'GET /nodes':
      listNodes(call, parts);
      return true;
    case 'GET /nodes/{}':
      sendOne(response, 'node', second, findNode(state, second ?? ''));
      return true;
    case 'GET /events':
      openEvents(call, parts.events);
      return true;
    default:
      return false;
  }
}

function sendObject(response: ServerResponse, object: object): void {
  sendText(response, 200, JSON.stringify(object));
}

function sendOne(
  response: ServerResponse,
  kind: string,
  id: string | undefined,
  object: object | undefined,
): void {
  if (!object) throw new EngineRefusal(404, `${kind} ${id ?? ''} not found`);
  sendText(response, 200, json(object));
}

function findNode(state: EngineState, id: string): EngineNode | undefined {
  return state.nodes.get(id) ?? [...state.nodes.values()].find((node) => node.Description.Hostname === id);
}

function readSpec(call: Call): ServiceSpec {
  try {
    return JSON.parse(call.body) as ServiceSpec;
  } catch (error) {
    throw new EngineRefusal(400, `invalid JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

function updateService(call: Call, id: string, cluster: Cluster): void {
  if (!cluster.service(id)) throw new EngineRefusal(404, `service ${id} not found`);
  const version = call.query.get('version') ?? '';
  if (!/^[0-9]+$/.test(version))
    throw new EngineRefusal(
      400,
      `invalid service version '${version}': strconv.ParseUint: parsing "${version}": invalid syntax`,
    );
  const spec = call.query.get('rollback') === 'previous' ? cluster.service(id)?.PreviousSpec : readSpec(call);
  if (!spec) throw new EngineRefusal(400, 'rpc error: code = FailedPrecondition desc = no previous spec');
  cluster.updateService(id, spec, Number(version));
  sendText(call.response, 200, '{"Warnings":null}');
}

function listServices(call: Call, { state }: ApiParts): void {
  const filters = filtersOf(call, ['id', 'label', 'mode', 'name', 'runtime']);
  const { label: labels = [], ...others } = Object.fromEntries(filters) as Record<string, readonly string[]>;
  const rest = new Map(Object.entries(others));
  const found = [...state.services.values()].filter(
    (service) =>
      // Docker wants all of several labels, unlike other filters.
      labels.every((one) => labelFits(service.Spec.Labels, one)) &&
      passes(rest, {
        id: (value) => service.ID.startsWith(value),
        name: (value) => service.Spec.Name.startsWith(value),
        mode: (value) => (service.Spec.Mode?.Global ? 'global' : 'replicated') === value,
      }),
  );
  const status = ['1', 'true', 'True', 't'].includes(call.query.get('status') ?? '');
  sendList(
    call.response,
    status ? found.map((service) => ({ ...service, ServiceStatus: statusOf(state, service) })) : found,
  );
}

function statusOf(state: EngineState, service: EngineService): Record<string, number> {
  const tasks = state.tasksOf(service.ID);
  const desired = tasks.filter((task) => task.DesiredState === 'running').length;
  return {
    RunningTasks: tasks.filter((task) => task.Status.State === 'running').length,
    DesiredTasks: service.Spec.Mode?.Global ? desired : replicasOf(service.Spec),
    CompletedTasks: tasks.filter((task) => task.Status.State === 'complete').length,
  };
}

function listTasks(call: Call, { state, cluster }: ApiParts): void {
  const filters = filtersOf(call, [
    'id',
    'name',
    'service',
    'node',
    'label',
    'desired-state',
    '_up-to-date',
    'runtime',
  ]);
  const services = filters.get('service')?.map((idOrName) => {
    const service = cluster.service(idOrName);
    if (!service) throw new EngineRefusal(404, `service ${idOrName} not found`);
    return service;
  });
  const candidates = services
    ? services.flatMap((service) => state.tasksOf(service.ID))
    : [...state.tasks.values()];
  const rest = new Map([...filters].filter(([name]) => name !== 'service'));
  sendList(
    call.response,
    candidates.filter((task) =>
      passes(rest, {
        id: (value) => task.ID.startsWith(value),
        node: (value) => task.NodeID === value || findNode(state, value)?.ID === task.NodeID,
        label: (value) => labelFits(task.Spec?.ContainerSpec?.Labels, value),
        'desired-state': (value) => task.DesiredState === value,
        '_up-to-date': (value) => (value === 'true' || value === '1') === isUpToDate(state, task),
      }),
    ),
  );
}

function isUpToDate(state: EngineState, task: EngineTask): boolean {
  const service = state.services.get(task.ServiceID);
  return JSON.stringify(task.Spec ?? {}) === JSON.stringify(service?.Spec.TaskTemplate ?? {});
}

function listNodes(call: Call, { state }: ApiParts): void {
  const filters = filtersOf(call, ['id', 'name', 'role', 'label', 'node.label', 'membership']);
  sendList(
    call.response,
    [...state.nodes.values()].filter((node) =>
      passes(filters, {
        id: (value) => node.ID.startsWith(value),
        name: (value) => node.Description.Hostname.startsWith(value),
        role: (value) => node.Spec.Role === value,
        label: (value) => labelFits(node.Description.Engine.Labels, value),
        'node.label': (value) => labelFits(node.Spec.Labels, value),
      }),
    ),
  );
}

function info({ state, version }: ApiParts): object {
  const managers = [...state.nodes.values()].filter((node) => node.Spec.Role === 'manager');
  return {
    ID: 'fake-engine',
    Name: managers[0]?.Description.Hostname ?? 'fake',
    ServerVersion: version.engine,
    Swarm: {
      NodeID: managers[0]?.ID ?? '',
      NodeAddr: managers[0]?.Status.Addr ?? '',
      LocalNodeState: 'active',
      ControlAvailable: true,
      Error: '',
      Nodes: state.nodes.size,
      Managers: managers.length,
    },
  };
}

/** Seconds with a fraction, or a date; as milliseconds. */
function moment(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  return /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function openEvents(call: Call, events: EventLog): void {
  const filters = filtersOf(call, 'any');
  const { response, query } = call;
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
  const [since, until] = [moment(query.get('since')), moment(query.get('until'))];
  const write = (event: object) => void response.write(`${JSON.stringify(event)}\n`);
  if (since !== undefined) for (const event of events.past(filters, since, until ?? Infinity)) write(event);
  if (until !== undefined && until <= Date.now()) {
    response.end();
    return;
  }
  const timer = until === undefined ? undefined : setTimeout(() => response.end(), until - Date.now());
  const close = events.open({
    filters,
    write,
    end: (how) => (how === 'end' ? response.end() : response.destroy()),
  });
  response.on('close', () => {
    clearTimeout(timer);
    close();
  });
}
