import { parsed, unreadable } from '../../values/parsed.js';
import { byText } from '../../values/order.js';
import type { LabelType } from './label-type.js';

/** One running task of a service: where it can be scraped, and on which node it runs. */
export interface TaskAddress {
  readonly nodeName: string;
  readonly address: string;
  /** Empty when the listener did not send it. */
  readonly nodeId: string;
}

/** What the text of `nodeInfo` says. */
export interface NodeInfo {
  /** Sorted by address, without exact duplicates. */
  readonly tasks: readonly TaskAddress[];
  /** Entries without an address, or with one that Prometheus would refuse. */
  readonly skipped: number;
}

/**
 * Reads a JSON list of `[nodeName, address, nodeId]`, a set: exact duplicates count once. With more
 * than three elements the id counts as empty, as in the original. `undefined` when the text is no JSON of that form.
 */
export function parseNodeInfo(text: string): NodeInfo | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(json) || !json.every(isTextList)) return undefined;
  const tasks = new Map<string, TaskAddress>();
  let skipped = 0;
  for (const entry of json) {
    const [nodeName = '', address = '', id = ''] = entry;
    if (!isHost(address)) {
      skipped += 1;
      continue;
    }
    const nodeId = entry.length === 3 ? id : '';
    tasks.set(JSON.stringify([nodeName, address, nodeId]), { nodeName, address, nodeId });
  }
  return {
    tasks: [...tasks.values()].sort(
      byText(
        ({ address }) => address,
        ({ nodeName }) => nodeName,
        ({ nodeId }) => nodeId,
      ),
    ),
    skipped,
  };
}

/** One target with a slash in it would cost the service all others: Prometheus refuses the whole job. */
function isHost(address: string): boolean {
  return /^[^\s/]+$/.test(address);
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

const EXPECTED = 'a JSON list of [nodeName, address, nodeId]';

/** Running tasks; `null` and what cannot be read stand for none. */
export const nodeInfo: LabelType<readonly TaskAddress[]> = {
  name: 'JSON',
  words: 'JSON: a list of `[nodeName, address, nodeId]`',
  schema: {},
  read(text) {
    if (text === 'null') return parsed([]);
    const info = parseNodeInfo(text);
    if (!info) return unreadable('cannot be read', EXPECTED);
    if (info.skipped === 0) return parsed(info.tasks);
    return {
      ok: false,
      problem: `has ${info.skipped} entries without a usable address; they are skipped`,
      expected: EXPECTED,
      instead: { value: info.tasks },
    };
  },
};
