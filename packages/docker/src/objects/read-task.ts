import { number, object, text } from './raw-object.js';
import type { SwarmTask } from './swarm-objects.js';

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

/** One task of the Engine API. Whatever `raw` is, the answer is a task. */
export function readTask(raw: unknown): SwarmTask {
  const task = object(raw);
  const attachments = Array.isArray(task['NetworksAttachments']) ? task['NetworksAttachments'] : [];
  return {
    id: text(task['ID']),
    serviceId: sharedText(task['ServiceID']),
    slot: number(task['Slot']) ?? 0,
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
