import {
  hasFreeServers,
  hasServerDefaults,
  serverAdditions,
  spareServers,
  withoutServers,
  type PlacedServer,
} from '../core/changes/server-additions.js';
import { backendChanges, type BackendChanges, type Templates } from '../core/changes/backend-changes.js';
import { serversOf, slotsOf, type RunningServers } from '../core/changes/server-changes.js';
import { isSnippet, type HaproxyModel, type LookupTable } from '../core/model/directives.js';
import type { Versions } from '../core/model/service-version.js';
import type { Capabilities, Settings } from '../core/model/settings.js';
import { buildHaproxyModel } from '../core/sections/build.js';
import { areAlike } from '../core/text/blocks.js';
import { renderHaproxyConfig, type MainTemplate, type RenderedConfig } from '../core/text/render.js';
import { fingerprint } from '../fingerprint.js';
import type { AddressCache, ConfigFiles } from '../ports.js';

/** The versions of services that a configuration holds. */
export interface RenderedVersions {
  readonly versions: Versions;
  /** Those that have backends and no routes yet. */
  readonly awaited: Versions;
}

/** A configuration with what is asked of it later. */
export interface Rendered {
  /** Whose backends are there without routes, some of them left over. */
  readonly awaited: Versions;
  /** The names of these backends. */
  readonly idle: ReadonlySet<string>;
  readonly rendered: RenderedConfig;
  /** Whose challenges it answers. */
  readonly thumbprint: string | undefined;
  readonly servers: RunningServers;
}

/** A configuration that is to run next. */
export interface NextConfig {
  readonly config: Rendered;
  /** What HAProxy is told while it runs, besides addresses; `undefined` where a reload is needed. */
  readonly changes: BackendChanges | undefined;
}

/** What HAProxy runs. */
export interface Loaded extends Rendered {
  readonly versions: Versions;
  /** The templates that it knows from its last start or reload. */
  readonly templates: Templates;
}

/** From versions of services to configurations that differ no more than they have to from the one that runs. */
export interface Rendering {
  /**
   * Keeps the number of servers, and the backends of services that have gone, where that saves a reload, and only there.
   *
   * @param gone services that run and are not asked for any more, whose backends may stay without a route
   */
  renderNext(
    wanted: RenderedVersions,
    template: MainTemplate | undefined,
    running: Loaded | undefined,
    gone?: Versions,
  ): NextConfig;
  /** Some services as if there were no others. */
  renderAlone(versions: Versions): RenderedConfig;
  /**
   * The same without servers that no task needs any more, as far as HAProxy gives them up while it runs; placed on disk
   * where it is another one.
   *
   * @param remove removes servers from the HAProxy that runs, and answers which
   */
  withoutSpares(
    config: Rendered,
    versions: Versions,
    template: MainTemplate | undefined,
    remove: (spare: readonly PlacedServer[]) => Promise<readonly PlacedServer[]>,
  ): Promise<Rendered>;
}

export interface RenderingDeps {
  readonly addresses: Pick<AddressCache, 'known'>;
  readonly files: Pick<ConfigFiles, 'tablePath' | 'stage' | 'place'>;
  readonly thumbprint: () => string | undefined;
}

export interface RenderingOptions {
  readonly settings: Settings;
  readonly capabilities: Capabilities;
}

const NO_SLOTS: ReadonlyMap<string, number> = new Map();

export function createRendering(deps: RenderingDeps, options: RenderingOptions): Rendering {
  const { files, addresses } = deps;
  const { settings, capabilities } = options;

  function render(
    { versions, awaited }: RenderedVersions,
    template: MainTemplate | undefined,
    slots: ReadonlyMap<string, number>,
  ): Rendered {
    const tablePath = (table: LookupTable) => files.tablePath(table);
    const thumbprint = deps.thumbprint();
    const model = buildHaproxyModel({
      settings,
      thumbprint,
      capabilities,
      services: [...versions.values()].map(({ routed }) => routed),
      awaited: [...awaited.values()].map(({ routed }) => routed),
      addresses: addresses.known,
      slots,
      tablePath,
      nameTemplate: fingerprint,
    });
    const rendered = renderHaproxyConfig(model, {
      settings,
      tablePath,
      ...(template ? { mainTemplate: template } : {}),
    });
    // A template of the operator may leave the rule out.
    const answers = thumbprint !== undefined && rendered.text.includes(`].${thumbprint}`);
    return {
      awaited,
      idle: backendsOfServices(model, awaited),
      rendered,
      servers: serversOf(model),
      thumbprint: answers ? thumbprint : undefined,
    };
  }

  function changesTo(from: Loaded, next: Rendered): BackendChanges | undefined {
    const servers = hasSameTables(from, next) ? additionsTo(from, next) : undefined;
    return servers
      ? { servers, added: [], removed: [], tables: [] }
      : backendChanges(from, next, from.templates, capabilities.version);
  }

  function hasSameTables(from: Rendered, next: Rendered): boolean {
    return [...next.rendered.tables.keys()].every((file) => from.rendered.tables.has(file));
  }

  /** Servers that HAProxy lacks, where they are all that it lacks. */
  function additionsTo(from: Rendered, next: Rendered): readonly PlacedServer[] | undefined {
    const [before, after] = [from.rendered.blocks, next.rendered.blocks];
    if (areAlike(before, after, 'structure')) return [];
    if (!areAlike(before, after, 'skeleton') || hasServerDefaults(from.rendered.text)) return undefined;
    return serverAdditions(from.servers, next.servers, capabilities.version);
  }

  return {
    renderAlone: (versions) => render({ versions, awaited: new Map() }, undefined, NO_SLOTS).rendered,
    renderNext(wanted, template, running, gone = new Map()) {
      const slots = running ? slotsOf(running.servers) : NO_SLOTS;
      if (running && slots.size + gone.size > 0) {
        const { versions, awaited } = wanted;
        const config = render({ versions, awaited: new Map([...awaited, ...gone]) }, template, slots);
        const changes = changesTo(running, config);
        if (changes) return { config, changes };
      }
      const config = render(wanted, template, NO_SLOTS);
      return { config, changes: running && changesTo(running, config) };
    },
    async withoutSpares(config, versions, template, remove) {
      if (!hasFreeServers(config.servers)) return config;
      const { awaited } = config;
      const least = render({ versions, awaited }, template, NO_SLOTS);
      if (!areAlike(least.rendered.blocks, config.rendered.blocks, 'skeleton')) return config;
      const spare = spareServers(config.servers, least.servers, capabilities.version);
      const fewer = render({ versions, awaited }, template, slotsOf(withoutServers(config.servers, spare)));
      // The servers that stay must be written as they run.
      if (serverAdditions(fewer.servers, config.servers, capabilities.version)?.length !== spare.length)
        return config;
      const removed = await remove(spare);
      if (removed.length === 0) return config;
      const left = render({ versions, awaited }, template, slotsOf(withoutServers(config.servers, removed)));
      await files.stage(left.rendered);
      await files.place();
      return left;
    },
  };
}

function backendsOfServices({ backends }: HaproxyModel, services: Versions): ReadonlySet<string> {
  if (services.size === 0) return new Set();
  return new Set(
    backends.flatMap((part) =>
      !isSnippet(part) &&
      part.keyword === 'backend' &&
      part.name !== undefined &&
      services.has(part.owner ?? '')
        ? [part.name]
        : [],
    ),
  );
}
