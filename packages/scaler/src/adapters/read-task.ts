import type { SwarmTask } from '../ports.js';

interface TaskJson {
  readonly ID: string;
  readonly ServiceID?: string;
  readonly NodeID?: string;
  readonly Slot?: number;
  readonly CreatedAt?: string;
  readonly DesiredState?: string;
  readonly Status?: { readonly State?: string; readonly Timestamp?: string; readonly Err?: string };
  readonly Spec?: {
    readonly Resources?: { readonly Reservations?: AmountsJson; readonly Limits?: AmountsJson };
  };
  readonly NetworksAttachments?: readonly { readonly Addresses?: readonly string[] | null }[] | null;
}

interface AmountsJson {
  readonly NanoCPUs?: number;
  readonly MemoryBytes?: number;
}

/** What is used of one task of the Engine API. */
export function readTask(raw: unknown): SwarmTask {
  const json = (raw ?? {}) as TaskJson;
  const { Reservations: reserved, Limits: limits } = json.Spec?.Resources ?? {};
  return {
    id: json.ID,
    serviceId: json.ServiceID ?? '',
    state: json.Status?.State ?? 'new',
    desiredState: json.DesiredState ?? 'running',
    error: json.Status?.Err ?? '',
    nodeId: json.NodeID ?? '',
    slot: json.Slot,
    createdAtMs: Date.parse(json.CreatedAt ?? '') || undefined,
    stateAtMs: Date.parse(json.Status?.Timestamp ?? '') || undefined,
    nanoCpus: reserved?.NanoCPUs ?? limits?.NanoCPUs ?? 0,
    memoryBytes: reserved?.MemoryBytes ?? limits?.MemoryBytes ?? 0,
    addresses: (json.NetworksAttachments ?? []).flatMap(({ Addresses: all }) =>
      (all ?? []).map((address) => address.replace(/\/[0-9]+$/, '')),
    ),
  };
}
