import { isDeepStrictEqual } from 'node:util';
import { isOurs, labelsOf, number, object, text, type RawObject } from './raw-object.js';
import type { SwarmService } from './swarm-objects.js';

const STACK_LABEL = 'com.docker.stack.namespace';
/** Swarm's own, when `Spec.UpdateConfig.Monitor` is not given. */
const DEFAULT_STABILITY_WINDOW_MS = 5_000;
const NANOSECONDS = 1e6;

/**
 * One service of the Engine API. Labels that are not `isKept` are left out; absent: all are kept.
 * Whatever `raw` is, the answer is a service.
 */
export function readService(raw: unknown, isKept: (label: string) => boolean = () => true): SwarmService {
  const service = object(raw);
  const spec = object(service['Spec']);
  const previous = service['PreviousSpec'];
  const mode = object(spec['Mode']);
  const container = object(object(spec['TaskTemplate'])['ContainerSpec']);
  const update = object(spec['UpdateConfig']);
  const monitorMs = (number(update['Monitor']) ?? 0) / NANOSECONDS;
  const status = service['ServiceStatus'];
  return {
    id: text(service['ID']),
    name: text(spec['Name']),
    version: number(object(service['Version'])['Index']) ?? 0,
    labels: labelsOf(spec['Labels'], isKept),
    containerLabels: labelsOf(container['Labels'], isOurs),
    stack: text(object(spec['Labels'])[STACK_LABEL]) || undefined,
    mode: mode['Global'] ? 'global' : mode['Replicated'] ? 'replicated' : 'other',
    replicas: replicasOf(spec),
    image: text(container['Image']),
    updateState: text(object(service['UpdateStatus'])['State']) || undefined,
    failureAction: text(update['FailureAction']) || undefined,
    stabilityWindowMs: monitorMs > 0 ? monitorMs : DEFAULT_STABILITY_WINDOW_MS,
    createdAtMs: Date.parse(text(service['CreatedAt'])) || 0,
    updatedAtMs: Date.parse(text(service['UpdatedAt']) || text(service['CreatedAt'])) || 0,
    previousReplicas: replicasOf(object(previous)),
    changedOtherParts: !previous || !isDeepStrictEqual(withoutCount(spec), withoutCount(object(previous))),
    runningTasks: status ? (number(object(status)['RunningTasks']) ?? 0) : undefined,
  };
}

function replicasOf(spec: RawObject): number | undefined {
  return number(object(object(spec['Mode'])['Replicated'])['Replicas']);
}

/** The spec with any count in place of its own; that it has one stays. */
function withoutCount(spec: RawObject): RawObject {
  const replicated = object(object(spec['Mode'])['Replicated']);
  if (replicated['Replicas'] === undefined) return spec;
  return { ...spec, Mode: { ...object(spec['Mode']), Replicated: { ...replicated, Replicas: 0 } } };
}
