import { LABEL_PREFIX } from '@docker-flow/labels';
import {
  DEFAULT_STABILITY_WINDOW_MS,
  type Labels,
  type SwarmNode,
  type SwarmService,
  type SwarmTask,
} from '../core/service.js';

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
  const result = Object.create(null) as Record<string, string>;
  for (const [label, content] of Object.entries(object(value)))
    if (typeof content === 'string' && keep(label)) result[label] = content;
  return result;
}

/** `isKept`: the labels beyond `com.df.` that are needed. */
export function readService(raw: unknown, isKept: (label: string) => boolean): SwarmService {
  const service = object(raw);
  const spec = object(service['Spec']);
  const mode = object(spec['Mode']);
  const replicated = mode['Replicated'];
  const template = object(spec['TaskTemplate']);
  const monitorMs = number(object(spec['UpdateConfig'])['Monitor']) / 1e6;
  return {
    id: text(service['ID']),
    name: text(spec['Name']),
    labels: labelsOf(spec['Labels'], (label) => label.startsWith(LABEL_PREFIX) || isKept(label)),
    stack: text(object(spec['Labels'])[STACK_LABEL]),
    mode: mode['Global'] ? 'global' : replicated ? 'replicated' : 'other',
    replicas: number(object(replicated)['Replicas']),
    image: text(object(template['ContainerSpec'])['Image']),
    updateState: text(object(service['UpdateStatus'])['State']) || undefined,
    stabilityWindowMs: monitorMs > 0 ? monitorMs : DEFAULT_STABILITY_WINDOW_MS,
  };
}

export function readTask(raw: unknown): SwarmTask {
  const task = object(raw);
  const attachments = Array.isArray(task['NetworksAttachments']) ? task['NetworksAttachments'] : [];
  return {
    id: text(task['ID']),
    serviceId: text(task['ServiceID']),
    slot: number(task['Slot']),
    nodeId: text(task['NodeID']),
    desiredState: text(task['DesiredState']),
    state: text(object(task['Status'])['State']),
    addresses: attachments.flatMap((attachment: unknown) => {
      const { Network: network, Addresses: addresses } = object(attachment);
      const [first] = Array.isArray(addresses) ? (addresses as unknown[]) : [];
      const address = text(first).split('/')[0] ?? '';
      const name = text(object(object(network)['Spec'])['Name']);
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
