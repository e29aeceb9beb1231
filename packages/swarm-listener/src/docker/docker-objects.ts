import { LABEL_PREFIX } from '@docker-flow/labels';
import {
  DEFAULT_STABILITY_WINDOW_MS,
  type Labels,
  type SwarmNode,
  type SwarmService,
  type SwarmTask,
} from '../core/services/swarm-objects.js';

/** Docker's objects as they come: any field may be missing. */
type Raw = Readonly<Record<string, unknown>>;

const STACK_LABEL = 'com.docker.stack.namespace';

function object(value: unknown): Raw {
  return typeof value === 'object' && value !== null ? (value as Raw) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function labelsOf(value: unknown, keep: (label: string) => boolean): Labels {
  const kept = Object.entries(object(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && keep(entry[0]),
  );
  // Also `com.df.__proto__` is a label like any other: entries are defined, not assigned.
  return Object.fromEntries(kept);
}

/** `isKept`: the labels beyond `com.df.` that are needed. */
export function readService(raw: unknown, isKept: (label: string) => boolean): SwarmService {
  const service = object(raw);
  const spec = object(service['Spec']);
  const mode = object(spec['Mode']);
  const replicated = mode['Replicated'];
  const container = object(object(spec['TaskTemplate'])['ContainerSpec']);
  const monitorMs = number(object(spec['UpdateConfig'])['Monitor']) / 1e6;
  return {
    id: text(service['ID']),
    name: text(spec['Name']),
    labels: labelsOf(spec['Labels'], (label) => label.startsWith(LABEL_PREFIX) || isKept(label)),
    containerLabels: labelsOf(container['Labels'], (label) => label.startsWith(LABEL_PREFIX)),
    stack: text(object(spec['Labels'])[STACK_LABEL]),
    mode: mode['Global'] ? 'global' : replicated ? 'replicated' : 'other',
    replicas: number(object(replicated)['Replicas']),
    image: text(container['Image']),
    updateState: text(object(service['UpdateStatus'])['State']) || undefined,
    stabilityWindowMs: monitorMs > 0 ? monitorMs : DEFAULT_STABILITY_WINDOW_MS,
  };
}

const shared = new Map<string, string>();
const MAX_SHARED = 10_000;

/** Ten thousand tasks name the same few services and nodes; one text of each is enough. */
function sharedText(value: unknown): string {
  const own = text(value);
  const known = shared.get(own);
  if (known !== undefined) return known;
  if (shared.size >= MAX_SHARED) shared.clear();
  shared.set(own, own);
  return own;
}

export function readTask(raw: unknown): SwarmTask {
  const task = object(raw);
  const attachments = Array.isArray(task['NetworksAttachments']) ? task['NetworksAttachments'] : [];
  return {
    id: text(task['ID']),
    serviceId: sharedText(task['ServiceID']),
    slot: number(task['Slot']),
    nodeId: sharedText(task['NodeID']),
    desiredState: sharedText(task['DesiredState']),
    state: sharedText(object(task['Status'])['State']),
    addresses: attachments.flatMap((attachment: unknown) => {
      const { Network: network, Addresses: addresses } = object(attachment);
      const [first] = Array.isArray(addresses) ? (addresses as unknown[]) : [];
      const address = text(first).split('/')[0] ?? '';
      const name = sharedText(object(object(network)['Spec'])['Name']);
      return address === '' ? [] : [{ network: name, address }];
    }),
  };
}

export function readNode(raw: unknown): SwarmNode {
  const node = object(raw);
  const spec = object(node['Spec']);
  const description = object(node['Description']);
  const status = object(node['Status']);
  const isOurs = (label: string) => label.startsWith(LABEL_PREFIX);
  return {
    id: text(node['ID']),
    hostname: text(description['Hostname']),
    address: text(status['Addr']),
    versionIndex: number(object(node['Version'])['Index']),
    state: text(status['State']),
    role: text(spec['Role']),
    availability: text(spec['Availability']),
    labels: labelsOf(spec['Labels'], isOurs),
    engineLabels: labelsOf(object(description['Engine'])['Labels'], isOurs),
  };
}
