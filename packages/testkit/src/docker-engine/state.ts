import type {
  EngineEvent,
  EngineNode,
  EngineService,
  EngineTask,
  ObjectMeta,
  ServiceSpec,
} from './objects.js';

/** The objects of the cluster. They are replaced, never changed in place. */
export interface EngineState {
  readonly services: Map<string, EngineService>;
  readonly tasks: Map<string, EngineTask>;
  readonly nodes: Map<string, EngineNode>;
  tasksOf(serviceId: string): readonly EngineTask[];
  putTask(task: EngineTask): void;
  deleteTask(id: string): void;
  /** The next raft index: one counter for all objects. */
  nextIndex(): number;
  meta(id: string): ObjectMeta;
  touched<T extends ObjectMeta>(object: T): T;
  newId(): string;
}

const ID_LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

export function createState(): EngineState {
  const services = new Map<string, EngineService>();
  const tasks = new Map<string, EngineTask>();
  const nodes = new Map<string, EngineNode>();
  const byService = new Map<string, Map<string, EngineTask>>();
  let index = 10;
  let ids = 0;

  function nextIndex(): number {
    index += 1;
    return index;
  }
  function now(): string {
    return new Date().toISOString();
  }
  function deleteTask(id: string): void {
    const old = tasks.get(id);
    if (!old) return;
    tasks.delete(id);
    byService.get(old.ServiceID)?.delete(id);
  }
  return {
    services,
    tasks,
    nodes,
    tasksOf: (serviceId) => [...(byService.get(serviceId)?.values() ?? [])],
    putTask(task) {
      deleteTask(task.ID);
      tasks.set(task.ID, task);
      const siblings = byService.get(task.ServiceID) ?? new Map<string, EngineTask>();
      byService.set(task.ServiceID, siblings.set(task.ID, task));
    },
    deleteTask,
    nextIndex,
    meta: (id) => ({ ID: id, Version: { Index: nextIndex() }, CreatedAt: now(), UpdatedAt: now() }),
    touched: (object) => ({ ...object, Version: { Index: nextIndex() }, UpdatedAt: now() }),
    /** Unique, 25 letters like Docker's, the same in every run. */
    newId() {
      ids += 1;
      let rest = ids * 2_654_435_761;
      let id = '';
      for (let i = 0; i < 8; i += 1) {
        id += ID_LETTERS[rest % 36] ?? '0';
        rest = Math.floor(rest / 36) + i;
      }
      return `${id}${ids.toString(36).padStart(17, '0')}`;
    },
  };
}

export function replicasOf(spec: ServiceSpec): number {
  return spec.Mode?.Replicated?.Replicas ?? 0;
}

/** The attributes of an update event: the name and what of replicas and image changed. */
export function updateAttributes(before: ServiceSpec, after: ServiceSpec): Record<string, string> {
  const attributes: Record<string, string> = { name: after.Name };
  const [oldImage, newImage] = [before, after].map((spec) => spec.TaskTemplate?.ContainerSpec?.Image ?? '');
  if (!after.Mode?.Global && replicasOf(before) !== replicasOf(after)) {
    attributes['replicas.old'] = String(replicasOf(before));
    attributes['replicas.new'] = String(replicasOf(after));
  }
  if (oldImage !== newImage && oldImage !== undefined && newImage !== undefined) {
    attributes['image.old'] = oldImage;
    attributes['image.new'] = newImage;
  }
  return attributes;
}

let lastNano = 0;

export function swarmEvent(
  type: string,
  action: string,
  id: string,
  attributes: Record<string, string>,
): EngineEvent {
  // Later events have later times, also within one millisecond.
  lastNano = Math.max(lastNano + 1000, Date.now() * 1e6);
  return {
    Type: type,
    Action: action,
    Actor: { ID: id, Attributes: attributes },
    scope: 'swarm',
    time: Math.floor(lastNano / 1e9),
    timeNano: lastNano,
  };
}
