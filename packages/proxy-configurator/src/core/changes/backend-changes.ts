import { takesBackends, type Version } from '../model/haproxy-version.js';
import type { Block, MovableSection } from '../text/blocks.js';
import type { RenderedConfig } from '../text/render.js';
import { canBeSaid, hasServerDefaults, serverAdditions, type PlacedServer } from './server-additions.js';
import type { RunningServers } from './server-changes.js';
import { tableRounds, type ChangedTable } from './table-rounds.js';

/** A configuration as far as changes of backends depend on it. */
export interface WithBackends {
  readonly rendered: Pick<RenderedConfig, 'text' | 'blocks' | 'lookups'>;
  readonly servers: RunningServers;
}

/** A backend that HAProxy is to make. */
export interface NewBackend {
  readonly name: string;
  /** The named defaults that it begins with. */
  readonly template: string;
  readonly servers: readonly PlacedServer[];
}

/** A backend that no route leads to any more. */
export interface OldBackend {
  readonly name: string;
  readonly servers: readonly string[];
}

/** What brings a HAProxy that runs from one configuration to another. */
export interface BackendChanges {
  readonly added: readonly NewBackend[];
  readonly removed: readonly OldBackend[];
  /** In the order in which they are to be committed. */
  readonly tables: readonly ChangedTable[];
  /** Servers that backends which stay lack. */
  readonly servers: readonly PlacedServer[];
}

/** Names of templates by the lines that they hold. */
export type Templates = ReadonlyMap<string, string>;

/** The templates that HAProxy knows once it has loaded a configuration. */
export function templatesOf(blocks: readonly Block[]): Templates {
  return new Map(movables(blocks, 'defaults').map(({ name, body }) => [body, name]));
}

/**
 * The changes between two configurations, where HAProxy can make all of them while it runs; otherwise `undefined`. All
 * but backends, servers and the entries of tables must be the same. Where backends come or go, HAProxy must be able to
 * do that, and each new one must be one of a template.
 *
 * @param templates those that HAProxy has loaded
 */
export function backendChanges(
  from: WithBackends,
  next: WithBackends,
  templates: Templates,
  version: Version,
): BackendChanges | undefined {
  if (!isSameElsewhere(from.rendered, next.rendered)) return undefined;
  const before = new Map(movables(from.rendered.blocks, 'backend').map((one) => [one.name, one.body]));
  const after = new Map(movables(next.rendered.blocks, 'backend').map((one) => [one.name, one.body]));
  const added: NewBackend[] = [];
  for (const [name, body] of after) {
    const old = before.get(name);
    if (old === body) continue;
    const template = templates.get(body);
    if (old !== undefined || template === undefined) return undefined;
    const servers = (next.servers.get(name) ?? []).map((server) => ({ section: name, server }));
    if (!servers.every(canBeSaid)) return undefined;
    added.push({ name, template, servers });
  }
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const isOffered = takesBackends(version) && templates.size > 0 && !hasServerDefaults(from.rendered.text);
  if (added.length + removed.length > 0 && !isOffered) return undefined;
  const tables = tableRounds(from.rendered.lookups, next.rendered.lookups);
  if (!tables) return undefined;
  const stays = (section: string) => !before.has(section) || after.has(section);
  const known = (section: string) => before.has(section) || !after.has(section);
  const servers = serverAdditions(
    new Map([...from.servers].filter(([section]) => stays(section))),
    new Map([...next.servers].filter(([section]) => known(section))),
    version,
  );
  if (!servers || (servers.length > 0 && hasServerDefaults(from.rendered.text))) return undefined;
  return {
    added,
    removed: removed.map((name) => ({
      name,
      servers: (from.servers.get(name) ?? []).map((server) => server.name),
    })),
    tables,
    servers,
  };
}

/** Whether all sections but backends and templates agree, when tables are called by their names. */
function isSameElsewhere(a: WithBackends['rendered'], b: WithBackends['rendered']): boolean {
  const before = fixed(a.blocks);
  const after = fixed(b.blocks);
  return (
    before.length === after.length &&
    before.every((one, i) => {
      const other = after[i];
      if (one === other || one.skeleton === other?.skeleton) return true;
      return other !== undefined && withTableNames(one, a.lookups) === withTableNames(other, b.lookups);
    })
  );
}

function fixed(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter(({ movable }) => movable === undefined);
}

function movables(blocks: readonly Block[], keyword: MovableSection['keyword']): readonly MovableSection[] {
  return blocks.flatMap(({ movable }) => (movable?.keyword === keyword ? [movable] : []));
}

function withTableNames({ skeleton }: Block, lookups: RenderedConfig['lookups']): string {
  let text = skeleton;
  for (const [name, { file }] of lookups) text = text.replaceAll(`(${file})`, `(${name})`);
  return text;
}
