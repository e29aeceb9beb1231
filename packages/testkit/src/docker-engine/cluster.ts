import type { EventLog } from './event-log.js';
import type { EngineNode, EngineService, EngineTask, ServiceSpec } from './objects.js';
import { newTask, orchestrate } from './orchestrator.js';
import { swarmEvent, updateAttributes, type EngineState } from './state.js';

/** Why the engine refuses, with the status and text of the real one. */
export class EngineRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface NewNode {
  readonly id?: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly role?: 'manager' | 'worker';
  readonly availability?: 'active' | 'pause' | 'drain';
  readonly state?: 'unknown' | 'down' | 'ready' | 'disconnected';
  readonly labels?: Readonly<Record<string, string>>;
  readonly engineLabels?: Readonly<Record<string, string>>;
}

/** What happens in the cluster, in the words of the `docker` command. Changes send the events Docker sends. */
export interface Cluster {
  createService(spec: ServiceSpec): EngineService;
  /** With `version`: refused unless it is the newest. */
  updateService(idOrName: string, spec: ServiceSpec, version?: number): EngineService;
  /** Changes some fields of the spec. */
  changeService(idOrName: string, change: Partial<ServiceSpec>): EngineService;
  removeService(idOrName: string): void;
  setUpdateStatus(idOrName: string, state: string): void;
  service(idOrName: string): EngineService | undefined;
  addTask(serviceId: string, task?: Partial<EngineTask>): EngineTask;
  changeTask(id: string, change: Partial<EngineTask>): EngineTask;
  setTaskState(id: string, state: string, desiredState?: string): EngineTask;
  removeTask(id: string): void;
  tasks(idOrName: string): readonly EngineTask[];
  addNode(node?: NewNode): EngineNode;
  changeNode(id: string, change: Omit<NewNode, 'id'>): EngineNode;
  removeNode(id: string): void;
}

export function createCluster(
  state: EngineState,
  events: EventLog,
  tasksFollowServices: () => boolean,
): Cluster {
  function find(idOrName: string): EngineService | undefined {
    const exact = state.services.get(idOrName);
    if (exact) return exact;
    const all = [...state.services.values()];
    return (
      all.find((one) => one.Spec.Name === idOrName) ??
      (idOrName === '' ? undefined : all.find((one) => one.ID.startsWith(idOrName)))
    );
  }
  function must(idOrName: string): EngineService {
    const found = find(idOrName);
    if (!found) throw new EngineRefusal(404, `service ${idOrName} not found`);
    return found;
  }
  function mustTask(id: string): EngineTask {
    const found = state.tasks.get(id);
    if (!found) throw new EngineRefusal(404, `task ${id} not found`);
    return found;
  }
  function mustNode(id: string): EngineNode {
    const found = state.nodes.get(id);
    if (!found) throw new EngineRefusal(404, `node ${id} not found`);
    return found;
  }
  function settle(service: EngineService): void {
    if (tasksFollowServices()) orchestrate(state, service);
  }
  function settleAll(): void {
    for (const service of state.services.values()) settle(service);
  }

  function changeNode(id: string, change: Omit<NewNode, 'id'>): EngineNode {
    const old = mustNode(id);
    const node = state.touched(changedNode(old, change));
    state.nodes.set(id, node);
    const attributes: Record<string, string> = { name: node.Description.Hostname };
    if (old.Status.State !== node.Status.State) {
      attributes['state.old'] = old.Status.State;
      attributes['state.new'] = node.Status.State;
    }
    if (old.Spec.Availability !== node.Spec.Availability) {
      attributes['availability.old'] = old.Spec.Availability;
      attributes['availability.new'] = node.Spec.Availability;
    }
    events.publish(swarmEvent('node', 'update', id, attributes));
    settleAll();
    return node;
  }

  const cluster: Cluster = {
    createService(spec) {
      if (!/^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_]*[a-zA-Z0-9])?$/.test(spec.Name))
        throw new EngineRefusal(
          400,
          'rpc error: code = InvalidArgument desc = name must be valid as a DNS name component',
        );
      if ([...state.services.values()].some((one) => one.Spec.Name === spec.Name))
        throw new EngineRefusal(
          409,
          'rpc error: code = AlreadyExists desc = name conflicts with an existing object: service already exists',
        );
      const service: EngineService = {
        ...state.meta(state.newId()),
        Spec: spec,
        Endpoint: { Spec: spec['EndpointSpec'] ?? {} },
      };
      state.services.set(service.ID, service);
      settle(service);
      events.publish(swarmEvent('service', 'create', service.ID, { name: spec.Name }));
      return service;
    },
    updateService(idOrName, spec, version) {
      const old = must(idOrName);
      if (version !== undefined && version !== old.Version.Index)
        throw new EngineRefusal(500, 'rpc error: code = Unknown desc = update out of sequence');
      const templateChanged =
        JSON.stringify(old.Spec.TaskTemplate ?? {}) !== JSON.stringify(spec.TaskTemplate ?? {});
      // Any update drops the status of the one before; only a new template starts a rollout.
      const service: EngineService = {
        ...state.touched({
          ID: old.ID,
          Version: old.Version,
          CreatedAt: old.CreatedAt,
          UpdatedAt: old.UpdatedAt,
        }),
        Spec: spec,
        PreviousSpec: old.Spec,
        ...(old.Endpoint ? { Endpoint: old.Endpoint } : {}),
        ...(templateChanged && tasksFollowServices()
          ? { UpdateStatus: { State: 'completed', Message: 'update completed' } }
          : {}),
      };
      state.services.set(service.ID, service);
      settle(service);
      events.publish(swarmEvent('service', 'update', service.ID, updateAttributes(old.Spec, spec)));
      return service;
    },
    changeService: (idOrName, change) =>
      cluster.updateService(idOrName, { ...must(idOrName).Spec, ...change }),
    removeService(idOrName) {
      const service = must(idOrName);
      state.services.delete(service.ID);
      for (const task of state.tasksOf(service.ID)) state.deleteTask(task.ID);
      events.publish(swarmEvent('service', 'remove', service.ID, { name: service.Spec.Name }));
    },
    setUpdateStatus(idOrName, updateState) {
      const old = must(idOrName);
      state.services.set(
        old.ID,
        state.touched({ ...old, UpdateStatus: { State: updateState, Message: updateState } }),
      );
      events.publish(
        swarmEvent('service', 'update', old.ID, { name: old.Spec.Name, 'updatestate.new': updateState }),
      );
    },
    service: find,
    addTask(serviceId, change = {}) {
      const service = must(serviceId);
      const [node] = state.nodes.keys();
      const task = newTask(state, service, node === undefined ? {} : { nodeId: node });
      const placed: EngineTask = { ...task, ...change };
      state.putTask(placed);
      return placed;
    },
    changeTask(id, change) {
      const task = state.touched({ ...mustTask(id), ...change });
      state.putTask(task);
      return task;
    },
    setTaskState(id, taskState, desiredState) {
      const old = mustTask(id);
      return cluster.changeTask(id, {
        Status: { ...old.Status, State: taskState },
        ...(desiredState === undefined ? {} : { DesiredState: desiredState }),
      });
    },
    removeTask: (id) => state.deleteTask(id),
    tasks: (idOrName) => state.tasksOf(must(idOrName).ID),
    addNode(node = {}) {
      const number = state.nodes.size + 1;
      const added = newNode(state, { hostname: `node-${number}`, address: `10.0.0.${number}`, ...node });
      state.nodes.set(added.ID, added);
      events.publish(swarmEvent('node', 'create', added.ID, { name: added.Description.Hostname }));
      settleAll();
      return added;
    },
    changeNode,
    removeNode(id) {
      const node = mustNode(id);
      state.nodes.delete(id);
      events.publish(swarmEvent('node', 'remove', id, { name: node.Description.Hostname }));
      settleAll();
    },
  };
  return cluster;
}

function newNode(state: EngineState, node: NewNode): EngineNode {
  const manager = (node.role ?? 'worker') === 'manager';
  return {
    ...state.meta(node.id ?? state.newId()),
    Spec: {
      Role: node.role ?? 'worker',
      Availability: node.availability ?? 'active',
      Labels: node.labels ?? {},
    },
    Description: {
      Hostname: node.hostname ?? 'node',
      Engine: { EngineVersion: '27.0.0', Labels: node.engineLabels ?? {} },
    },
    Status: { State: node.state ?? 'ready', Addr: node.address ?? '10.0.0.1' },
    ...(manager
      ? { ManagerStatus: { Reachability: 'reachable', Addr: `${node.address ?? '10.0.0.1'}:2377` } }
      : {}),
  };
}

function changedNode(old: EngineNode, change: Omit<NewNode, 'id'>): EngineNode {
  return {
    ...old,
    Spec: {
      Role: change.role ?? old.Spec.Role,
      Availability: change.availability ?? old.Spec.Availability,
      Labels: change.labels ?? old.Spec.Labels,
    },
    Description: {
      Hostname: change.hostname ?? old.Description.Hostname,
      Engine: {
        ...old.Description.Engine,
        Labels: change.engineLabels ?? old.Description.Engine.Labels,
      },
    },
    Status: {
      State: change.state ?? old.Status.State,
      Addr: change.address ?? old.Status.Addr,
    },
  };
}
