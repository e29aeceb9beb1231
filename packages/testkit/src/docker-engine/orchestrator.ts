import type { EngineService, EngineTask, ServiceSpec } from './objects.js';
import { replicasOf, type EngineState } from './state.js';

/**
 * What Swarm's orchestrator does after a change, at once: the right number of running tasks on nodes that
 * are ready and active; tasks whose template has changed are replaced. Stopped tasks stay in the list, as
 * they do in Docker, up to `KEPT_STOPPED` per service.
 */
const KEPT_STOPPED = 5;

export function orchestrate(state: EngineState, service: EngineService): void {
  const usable = [...state.nodes.values()].filter(
    (node) => node.Status.State !== 'down' && node.Spec.Availability === 'active',
  );
  const wanted = new Map<string, { slot?: number; nodeId?: string }>();
  if (service.Spec.Mode?.Global) {
    for (const node of usable) wanted.set(`node ${node.ID}`, { nodeId: node.ID });
  } else {
    for (let slot = 1; slot <= replicasOf(service.Spec); slot += 1) {
      const nodeId = usable[(slot - 1) % Math.max(1, usable.length)]?.ID;
      wanted.set(`slot ${slot}`, { slot, ...(nodeId === undefined ? {} : { nodeId }) });
    }
  }
  for (const task of state.tasksOf(service.ID)) {
    if (task.DesiredState !== 'running') continue;
    const key = task.Slot === undefined ? `node ${task.NodeID ?? ''}` : `slot ${task.Slot}`;
    const placed = task.NodeID === undefined || usable.some((node) => node.ID === task.NodeID);
    if (wanted.has(key) && placed && sameTemplate(task.Spec, service.Spec.TaskTemplate)) wanted.delete(key);
    else state.putTask(stopped(state, task));
  }
  for (const place of wanted.values()) state.putTask(newTask(state, service, place));
  forgetStopped(state, service.ID);
}

function sameTemplate(task: unknown, service: unknown): boolean {
  return JSON.stringify(task ?? {}) === JSON.stringify(service ?? {});
}

function stopped(state: EngineState, task: EngineTask): EngineTask {
  return state.touched({
    ...task,
    DesiredState: 'shutdown',
    Status: { ...task.Status, State: 'shutdown', Message: 'shutdown' },
  });
}

function forgetStopped(state: EngineState, serviceId: string): void {
  const old = state.tasksOf(serviceId).filter((task) => task.DesiredState === 'shutdown');
  for (const task of old.slice(0, Math.max(0, old.length - KEPT_STOPPED))) state.deleteTask(task.ID);
}

let hosts = 0;

/** A running task with an address on each network its template names. */
export function newTask(
  state: EngineState,
  service: { readonly ID: string; readonly Spec: ServiceSpec },
  place: { slot?: number; nodeId?: string },
): EngineTask {
  hosts += 1;
  const template = service.Spec.TaskTemplate ?? {};
  const address = `10.${1 + (hosts >> 16)}.${(hosts >> 8) & 255}.${hosts & 255}/16`;
  const state0 = place.nodeId === undefined ? 'pending' : 'running';
  return {
    ...state.meta(state.newId()),
    Spec: template,
    ServiceID: service.ID,
    ...(place.slot === undefined ? {} : { Slot: place.slot }),
    ...(place.nodeId === undefined ? {} : { NodeID: place.nodeId }),
    Status: { Timestamp: new Date().toISOString(), State: state0, Message: 'started' },
    DesiredState: 'running',
    NetworksAttachments: (template.Networks ?? []).map(({ Target: name }) => ({
      Network: { ID: `net-${name}`, Spec: { Name: name } },
      Addresses: [address],
    })),
  };
}
