import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';

/**
 * Changes one value inside JSON text and leaves every other byte as it is. Going through JavaScript
 * objects would round 64-bit integers, which Docker then refuses.
 */

/** Where a value stands: from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span of the value under a path of keys; `undefined` when there is none. The text must be valid JSON. */
export function findValue(json: string, path: readonly string[]): Span | undefined {
  const node = find(parseTree(json), path);
  return node && spanOf(node);
}

/**
 * The text with another value (as JSON text) under a path. `undefined` when the object that should hold the
 * last key is missing.
 */
export function replaceValue(json: string, path: readonly string[], value: string): string | undefined {
  const root = parseTree(json);
  const node = find(root, path);
  if (node) return splice(json, spanOf(node), value);
  const holder = find(root, path.slice(0, -1));
  if (holder?.type !== 'object') return undefined;
  const inside = holder.offset + 1;
  const comma = holder.children?.length ? ',' : '';
  return splice(json, { start: inside, end: inside }, `${JSON.stringify(path.at(-1))}:${value}${comma}`);
}

function find(root: Node | undefined, path: readonly string[]): Node | undefined {
  return root && findNodeAtLocation(root, [...path]);
}

function spanOf({ offset, length }: Node): Span {
  return { start: offset, end: offset + length };
}

function splice(text: string, { start, end }: Span, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
