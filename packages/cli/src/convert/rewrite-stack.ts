import type { YAMLMap } from 'yaml';
import { isMap, isPair, isScalar, isSeq, parseDocument, YAMLSeq, type Document, type Node } from 'yaml';
import type { Conversion } from './conversion.js';

interface RewriteOptions {
  /** By name of the service. */
  readonly conversions: ReadonlyMap<string, Conversion>;
  /** Whether a label is one of those that are taken away. */
  readonly isForeign: (label: string) => boolean;
}

/**
 * The stack with labels of ours under `deploy`, in the list form, and without those of the other proxy. Comments and the
 * order of everything else stay; what has no equal is a comment above the labels.
 */
export function rewriteStack(text: string, { conversions, isForeign }: RewriteOptions): string {
  const document = parseDocument(text, { keepSourceTokens: false });
  const services = document.get('services', true);
  if (isMap(services))
    for (const [name, conversion] of conversions) {
      const service = own(document, services, name);
      if (!service) continue;
      takeAway(service, 'labels', isForeign);
      const deploy = own(document, service, 'deploy') ?? added(document, service, 'deploy');
      takeAway(deploy, 'labels', isForeign);
      addLabels(document, deploy, conversion);
    }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** A mapping below a key; one that comes by an alias becomes a copy, or every service with it would change. */
function own(document: Document, parent: YAMLMap, key: string): YAMLMap | undefined {
  const node = parent.get(key, true) as Node | undefined;
  if (isMap(node)) return node;
  const value: unknown = node?.toJS(document);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const copy = document.createNode(value) as YAMLMap;
  parent.set(key, copy);
  return copy;
}

function added(document: Document, parent: YAMLMap, key: string): YAMLMap {
  const map = document.createNode({}) as YAMLMap;
  map.flow = false;
  parent.set(key, map);
  return map;
}

function takeAway(parent: YAMLMap, key: string, isForeign: (label: string) => boolean): void {
  const labels = parent.get(key, true);
  if (isSeq(labels)) labels.items = labels.items.filter((item) => !isForeign(nameOf(item)));
  else if (isMap(labels)) labels.items = labels.items.filter((item) => !isForeign(nameOf(item)));
  else return;
  if (labels.items.length === 0) parent.delete(key);
}

function nameOf(item: unknown): string {
  if (isPair(item)) return nameOf(item.key);
  if (!isScalar(item)) return '';
  const [name = ''] = String(item.value).split('=');
  return name;
}

function addLabels(document: Document, deploy: YAMLMap, { labels, left }: Conversion): void {
  const there = deploy.get('labels', true) as unknown;
  const comment = left.map(({ label, reason }) => ` ${label}: ${reason}`).join('\n');
  if (isMap(there)) {
    const pairs = labels.map(([name, text]) =>
      document.createPair(document.createNode(`com.df.${name}`), text),
    );
    if (comment !== '' && pairs[0]) pairs[0].key.commentBefore = comment;
    there.flow = false;
    there.items.push(...pairs);
    return;
  }
  const list = isSeq(there) ? there : new YAMLSeq();
  if (!isSeq(there)) deploy.set('labels', list);
  const items = labels.map(([name, text]) => document.createNode(`com.df.${name}=${text}`));
  if (comment !== '' && items[0]) items[0].commentBefore = comment;
  list.flow = false;
  list.items.push(...items);
}
