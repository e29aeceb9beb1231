import { ConflictError } from '@docker-flow/daemon/errors';
import { readService } from '@docker-flow/docker/objects/read-service';
import { parseInspected } from '../adapters/inspected-service.js';
import { DockerError, type Swarm, type SwarmTask } from '../ports.js';

export interface FakeService {
  readonly name: string;
  readonly replicas?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly environment?: readonly string[];
  readonly isGlobal?: boolean;
  readonly updateState?: string;
}

export interface FakeSwarm extends Swarm {
  add(service: FakeService): void;
  replicasOf(name: string): number | undefined;
  environmentOf(name: string): readonly string[];
  /** Somebody else writes the count, as `docker service scale` does. */
  scaleByHand(name: string, replicas: number): void;
  setUpdateState(name: string, state: string | undefined): void;
  /** So many of the next updates find that somebody else was faster. */
  loseRaces(count: number): void;
  /** The next calls fail as if Docker were not there. */
  fail(calls: number): void;
  readyNodes: number;
  /** Names of nodes by id. */
  readonly nodes: Map<string, string>;
  /** What `listTasks` answers; tests put them there. */
  readonly tasks: SwarmTask[];
  /** How many tasks of a service run; as many as are wanted unless it is said here. */
  readonly running: Map<string, number>;
  readonly updates: { readonly name: string; readonly replicas: number | undefined }[];
}

interface Stored {
  readonly ID: string;
  Version: { Index: number };
  Spec: {
    Name: string;
    Labels: Readonly<Record<string, string>>;
    Mode: { Replicated?: { Replicas?: number }; Global?: object };
    TaskTemplate: { ContainerSpec: { Env?: readonly string[] } };
  };
  PreviousSpec?: Stored['Spec'];
  UpdateStatus?: { State: string };
  UpdatedAt: string;
}

/** A Swarm in memory, with versions that are checked. The same contract as the real adapter. */
export function createFakeSwarm(now: () => number = () => Date.now()): FakeSwarm {
  const services = new Map<string, Stored>();
  const tasks: SwarmTask[] = [];
  const running = new Map<string, number>();
  const updates: { name: string; replicas: number | undefined }[] = [];
  let racesToLose = 0;
  let failures = 0;

  function find(nameOrId: string): Stored | undefined {
    return services.get(nameOrId) ?? [...services.values()].find(({ ID }) => ID === nameOrId);
  }

  function must(nameOrId: string): Stored {
    const found = find(nameOrId);
    if (found === undefined) {
      throw new DockerError(`Error: No such service: ${nameOrId}`, { dockerStatus: 404 });
    }
    return found;
  }

  async function reach(): Promise<void> {
    await Promise.resolve();
    if (failures <= 0) return;
    failures -= 1;
    throw new DockerError('Cannot connect to the Docker daemon at fake. Is the docker daemon running?');
  }

  function write(service: Stored, spec: Stored['Spec']): void {
    service.PreviousSpec = service.Spec;
    service.Spec = spec;
    service.Version = { Index: service.Version.Index + 1 };
    service.UpdatedAt = new Date(now()).toISOString();
  }

  return {
    readyNodes: 0,
    nodes: new Map(),
    updates,
    tasks,
    running,
    add({ name, replicas, labels = {}, environment, isGlobal = false, updateState }) {
      services.set(name, {
        ID: `id-${name}`,
        Version: { Index: 10 },
        Spec: {
          Name: name,
          Labels: labels,
          Mode: isGlobal
            ? { Global: {} }
            : { Replicated: replicas === undefined ? {} : { Replicas: replicas } },
          TaskTemplate: { ContainerSpec: environment === undefined ? {} : { Env: environment } },
        },
        ...(updateState === undefined ? {} : { UpdateStatus: { State: updateState } }),
        UpdatedAt: new Date(now()).toISOString(),
      });
    },
    replicasOf: (name) => must(name).Spec.Mode.Replicated?.Replicas,
    environmentOf: (name) => must(name).Spec.TaskTemplate.ContainerSpec.Env ?? [],
    scaleByHand(name, replicas) {
      const service = must(name);
      write(service, { ...service.Spec, Mode: { Replicated: { Replicas: replicas } } });
    },
    setUpdateState(name, state) {
      const service = must(name);
      if (state === undefined) delete service.UpdateStatus;
      else service.UpdateStatus = { State: state };
    },
    loseRaces(count) {
      racesToLose = count;
    },
    fail(calls) {
      failures = calls;
    },
    async inspectService(nameOrId) {
      await reach();
      return parseInspected(JSON.stringify(must(nameOrId)));
    },
    async listServices(label) {
      await reach();
      const [key = '', value] = (label ?? '').split('=');
      const all = [...services.values()].filter(({ Spec: { Labels: labels } }) => {
        if (label === undefined) return true;
        return value === undefined ? key in labels : labels[key] === value;
      });
      return all.map((service) =>
        readService({
          ...service,
          ServiceStatus: {
            RunningTasks: running.get(service.Spec.Name) ?? service.Spec.Mode.Replicated?.Replicas ?? 0,
          },
        }),
      );
    },
    async listTasks(serviceIds) {
      await reach();
      return tasks.filter(
        ({ serviceId, desiredState }) =>
          ['running', 'ready'].includes(desiredState) && (serviceIds?.includes(serviceId) ?? true),
      );
    },
    async listTaskHistory(serviceId) {
      await reach();
      return tasks.filter((task) => task.serviceId === serviceId);
    },
    async nodeNames() {
      await reach();
      return this.nodes;
    },
    async updateService({ id, version }, specText) {
      await reach();
      const service = must(id);
      if (racesToLose > 0) {
        racesToLose -= 1;
        service.Version = { Index: service.Version.Index + 1 };
      }
      if (service.Version.Index !== version) {
        throw new ConflictError('Error response from daemon: update out of sequence');
      }
      write(service, JSON.parse(specText) as Stored['Spec']);
      updates.push({ name: service.Spec.Name, replicas: service.Spec.Mode.Replicated?.Replicas });
    },
    async countReadyNodes() {
      await reach();
      return this.readyNodes;
    },
    checkManager: reach,
    // Tests that need events use the fake Docker Engine.
    watchServices: () => Promise.resolve(),
  };
}
