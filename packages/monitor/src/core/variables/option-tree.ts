import { readBoolean } from '@docker-flow/labels';
import type { YamlMapping, YamlValue } from '../text/yaml.js';
import type { Option, Options } from './schema.js';

/** A mapping under construction: values, and numbered lists whose gaps are closed at the end. */
export interface MappingNode {
  readonly kind: 'mapping';
  readonly options: Options;
  readonly entries: Map<string, Node>;
}
interface ListNode {
  readonly kind: 'list';
  readonly items: Map<number, Node>;
}
interface ValueNode {
  readonly kind: 'value';
  readonly value: YamlValue;
}
type Node = MappingNode | ListNode | ValueNode;

/** Why a variable has no place; `undefined` when it has found one. */
type Problem = string | undefined;

const NUMBER_ZERO = 'has the number 0; lists start at 1';

export function mappingNode(options: Options): MappingNode {
  return { kind: 'mapping', options, entries: new Map() };
}

/** Puts ready-made items at the beginning of a list, so that numbers address them. */
export function presetItems(parent: MappingNode, key: string, items: readonly YamlMapping[]): void {
  const list: ListNode = { kind: 'list', items: new Map() };
  const option = parent.options[key];
  const options = option?.type === 'mappings' ? option.options : {};
  for (const [i, item] of items.entries()) {
    const node = mappingNode(options);
    for (const [name, value] of Object.entries(item))
      if (value !== undefined) node.entries.set(name, presetNode(value, options[name]));
    list.items.set(i + 1, node);
  }
  parent.entries.set(key, list);
}

function presetNode(value: YamlValue, option: Option | undefined): Node {
  if (Array.isArray(value)) {
    const items = (value as readonly YamlValue[]).map(
      (item, i) => [i + 1, presetNode(item, itemOption(option))] as const,
    );
    return { kind: 'list', items: new Map(items) };
  }
  if (typeof value !== 'object' || value === null || option?.type === 'text-map')
    return { kind: 'value', value };
  const node = mappingNode(option && 'options' in option ? option.options : {});
  for (const [name, entry] of Object.entries(value as YamlMapping))
    if (entry !== undefined) node.entries.set(name, presetNode(entry, node.options[name]));
  return node;
}

function itemOption(option: Option | undefined): Option | undefined {
  return option?.type === 'mappings' ? { type: 'mapping', options: option.options } : undefined;
}

/** Sets one option; `path` starts below `node`. */
export function setOption(node: MappingNode, path: readonly string[], value: string): Problem {
  const [segment, ...rest] = path;
  if (segment === undefined || segment === '') return 'has an empty key in its name';
  const exact = Object.hasOwn(node.options, segment) ? node.options[segment] : undefined;
  const numbered = /^(.+)_([0-9]+)$/.exec(segment);
  if (exact) return setKnown(node, segment, exact, undefined, rest, value);
  if (!numbered?.[1]) return setUnknown(node, segment, rest, value);
  const [, key] = numbered;
  const number = Number(numbered[2]);
  const known = Object.hasOwn(node.options, key) ? node.options[key] : undefined;
  // The numbers behind the name of a map only tell variables apart.
  const isList = known?.type !== 'text-map' && known?.type !== 'list-map';
  if (number < 1 && isList) return NUMBER_ZERO;
  return known
    ? setKnown(node, key, known, number, rest, value)
    : setUnknownItem(node, key, number, rest, value);
}

function setKnown(
  node: MappingNode,
  key: string,
  option: Option,
  number: number | undefined,
  rest: readonly string[],
  value: string,
): Problem {
  const isLast = rest.length === 0;
  switch (option.type) {
    case 'text':
    case 'boolean':
    case 'number':
      if (number !== undefined || !isLast) return `has no place: ${key} is one ${option.type}`;
      return setScalar(node, key, option, value);
    case 'texts':
      if (number === undefined || !isLast)
        return `has no place: ${key} is a list of texts, ${key}_1 its first`;
      if (value !== '') listOf(node, key).items.set(number, { kind: 'value', value });
      return undefined;
    case 'text-map':
      return isLast ? setMapEntry(node, key, value) : `has no place: ${key} takes name=text`;
    case 'list-map':
      return isLast ? setListMapEntry(node, key, value) : `has no place: ${key} takes name_1=text`;
    case 'mapping':
      if (number !== undefined || isLast) return `has no place: ${key} is neither a list nor a value`;
      return setOption(childOf(node, key, option.options), rest, value);
    case 'mappings':
      if (number === undefined || isLast) return `has no place: ${key} is a list, ${key}_1 its first entry`;
      return setOption(itemOf(listOf(node, key), number, option.options), rest, value);
  }
}

function setScalar(
  node: MappingNode,
  key: string,
  option: Option & { type: 'text' | 'boolean' | 'number' },
  text: string,
): Problem {
  if (option.type === 'boolean') {
    const flag = readBoolean(text);
    if (!flag.ok) return `${flag.problem}; expected ${flag.expected}`;
    put(node, key, flag.value, option.keepsEmpty || flag.value);
    return undefined;
  }
  if (option.type === 'number') {
    if (!/^[+-]?[0-9]{1,15}$/.test(text)) return 'is not a whole number';
    put(node, key, Number(text), option.keepsEmpty || Number(text) !== 0);
    return undefined;
  }
  put(node, key, text, option.keepsEmpty || text !== '');
  return undefined;
}

/** Empty values are left out, but they still undo what an old name of the same option has set. */
function put(node: MappingNode, key: string, value: YamlValue, keep: boolean): void {
  if (keep) node.entries.set(key, { kind: 'value', value });
  else node.entries.delete(key);
}

function setMapEntry(node: MappingNode, key: string, text: string): Problem {
  const [name, value] = cutAtEquals(text);
  if (name === '' || value === undefined) return 'is not of the form name=text';
  const current = node.entries.get(key);
  const before = current?.kind === 'value' ? (current.value as YamlMapping) : {};
  node.entries.set(key, { kind: 'value', value: { ...before, [name]: value } });
  return undefined;
}

function setListMapEntry(node: MappingNode, key: string, text: string): Problem {
  const [name, value] = cutAtEquals(text);
  if (name === '' || value === undefined) return 'is not of the form name=text';
  const numbered = /^(.+)_([0-9]+)$/.exec(name);
  if (numbered && Number(numbered[2]) < 1) return NUMBER_ZERO;
  const list = listOf(childOf(node, key, {}), numbered?.[1] ?? name);
  list.items.set(numbered ? Number(numbered[2]) : 0, { kind: 'value', value });
  return undefined;
}

function cutAtEquals(text: string): readonly [name: string, value: string | undefined] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, undefined] : [text.slice(0, equals).trim(), text.slice(equals + 1)];
}

function setUnknown(node: MappingNode, key: string, rest: readonly string[], value: string): Problem {
  if (rest.length > 0) return setOption(childOf(node, key, {}), rest, value);
  node.entries.set(key, { kind: 'value', value: scalarOf(value) });
  return undefined;
}

function setUnknownItem(
  node: MappingNode,
  key: string,
  number: number,
  rest: readonly string[],
  value: string,
): Problem {
  const list = listOf(node, key);
  if (rest.length > 0) return setOption(itemOf(list, number, {}), rest, value);
  list.items.set(number, { kind: 'value', value: scalarOf(value) });
  return undefined;
}

function scalarOf(text: string): YamlValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : text;
}

function listOf(node: MappingNode, key: string): ListNode {
  const current = node.entries.get(key);
  if (current?.kind === 'list') return current;
  const list: ListNode = { kind: 'list', items: new Map() };
  node.entries.set(key, list);
  return list;
}

function childOf(node: MappingNode, key: string, options: Options): MappingNode {
  const current = node.entries.get(key);
  if (current?.kind === 'mapping') return current;
  const child = mappingNode(options);
  node.entries.set(key, child);
  return child;
}

function itemOf(list: ListNode, number: number, options: Options): MappingNode {
  const current = list.items.get(number);
  if (current?.kind === 'mapping') return current;
  const item = mappingNode(options);
  list.items.set(number, item);
  return item;
}

/** The finished value: lists in the order of their numbers, without gaps; what is empty is left out. */
export function finish(node: MappingNode): YamlMapping | undefined {
  const entries = [...node.entries]
    .map(([key, entry]) => [key, finishNode(entry)] as const)
    .filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries<YamlValue | undefined>(entries);
}

function finishNode(node: Node): YamlValue | undefined {
  if (node.kind === 'value') return node.value;
  if (node.kind === 'mapping') return finish(node);
  const items = [...node.items]
    .sort(([a], [b]) => a - b)
    .flatMap(([, item]) => {
      const value = finishNode(item);
      return value === undefined ? [] : [value];
    });
  return items.length === 0 ? undefined : items;
}
