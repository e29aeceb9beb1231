import { compareBytes } from '@docker-flow/labels';
import type {
  Candidate,
  Rejection,
  ServiceRequest,
  ServiceVersion,
  Verdicts,
  Versions,
} from '../core/model/service-version.js';

/** A request that cannot be served. */
export interface RejectedRequest extends Rejection {
  readonly request: ServiceRequest;
  /** Where nothing but an address is missing: the version that goes live with it. */
  readonly awaited?: ServiceVersion | undefined;
}

/** What is known of one service. */
export interface ServiceEntry {
  readonly name: string;
  /** The newest version that could be read. */
  readonly wanted: ServiceVersion | undefined;
  /** The version that is part of the running configuration. */
  readonly live: ServiceVersion | undefined;
  /** Why the newest request is not live. */
  readonly rejection: RejectedRequest | undefined;
}

/** A request about a service that is being prepared. */
export interface OpenRequest {
  /** False when a newer request or a removal has overtaken it: what becomes of it must not count. */
  isNewest(): boolean;
  /** Its version goes live with the next run. Nothing happens when it was overtaken. */
  accept(version: ServiceVersion): void;
  /** It cannot be served; a version that is live stays so. Nothing happens when it was overtaken. */
  reject(rejection: RejectedRequest): void;
  /** It came to no result. */
  cancel(): void;
}

/** The services asked for and what became of them. */
export interface ServiceStore {
  /** Sorted by name. */
  readonly entries: () => readonly ServiceEntry[];
  get(name: string): ServiceEntry | undefined;
  /** A request has come; all earlier ones about the same service are overtaken. */
  open(name: string): OpenRequest;
  /** Whether a request about the service is being prepared. */
  isOpen(name: string): boolean;
  /** Forgets a service with its open requests. True when it was known. */
  remove(name: string): boolean;
  /** The version of each service that should run. */
  candidates(): ReadonlyMap<string, Candidate>;
  /** Services that have never run and wait for nothing but an address. */
  awaited(): Versions;
  /** Records what a run has made of its candidates. */
  settle(verdicts: Verdicts): void;
}

interface Entry {
  readonly name: string;
  wanted: ServiceVersion | undefined;
  live: ServiceVersion | undefined;
  rejection: RejectedRequest | undefined;
}

export function createServiceStore(): ServiceStore {
  const entries = new Map<string, Entry>();
  /** Sorted by name; `undefined` when one has come or gone. */
  let sorted: readonly Entry[] | undefined;
  const open = new Map<string, OpenRequest>();

  function entryOf(name: string): Entry {
    const known = entries.get(name);
    if (known) return known;
    const entry: Entry = { name, wanted: undefined, live: undefined, rejection: undefined };
    entries.set(name, entry);
    sorted = undefined;
    return entry;
  }

  function openRequest(name: string): OpenRequest {
    const close = () => open.get(name) === request && open.delete(name);
    const request: OpenRequest = {
      isNewest: () => open.get(name) === request,
      cancel: () => void close(),
      accept(version) {
        if (close()) Object.assign(entryOf(name), { wanted: version, rejection: undefined });
      },
      reject(rejection) {
        if (!close()) return;
        const entry = entryOf(name);
        Object.assign(entry, { wanted: entry.live, rejection });
      },
    };
    open.set(name, request);
    return request;
  }

  return {
    entries: () => (sorted ??= [...entries.values()].sort((a, b) => compareBytes(a.name, b.name))),
    get: (name) => entries.get(name),
    open: openRequest,
    isOpen: (name) => open.has(name),
    remove(name) {
      open.delete(name);
      sorted = undefined;
      return entries.delete(name);
    },
    candidates() {
      const candidates = new Map<string, Candidate>();
      for (const entry of entries.values()) {
        const wanted = versionToRun(entry);
        if (wanted) candidates.set(entry.name, { wanted, live: entry.live });
      }
      return candidates;
    },
    awaited: () =>
      new Map(
        [...entries.values()].flatMap(({ name, live, rejection }) =>
          rejection?.awaited && !live ? [[name, rejection.awaited] as const] : [],
        ),
      ),
    settle(verdicts) {
      for (const [name, entry] of entries) {
        const verdict = verdicts.get(name);
        entry.live = verdict?.live;
        if (verdict === undefined || entry.wanted !== verdict.wanted) continue;
        const request = requestOf(verdict.wanted);
        // What is said about a newer request stays.
        if (entry.rejection && entry.rejection.request.parameters !== request.parameters) continue;
        entry.rejection = verdict.rejection && { ...verdict.rejection, request };
      }
    },
  };
}

/** What HAProxy has rejected is not tried again before the service asks anew. */
function versionToRun({ wanted, live, rejection }: Entry): ServiceVersion | undefined {
  return rejection?.kind === 'haproxy' ? live : wanted;
}

function requestOf({ parameters, routed, warnings }: ServiceVersion): ServiceRequest {
  return { parameters, service: routed.service, refusal: undefined, warnings };
}
