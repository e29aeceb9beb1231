import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { readConfig } from '../config/config.js';
import { LOCKED } from '../core/backends/authentication.js';
import { buildHaproxyModel, type BuildInput } from '../core/sections/build.js';
import { renderHaproxyConfig, type RenderedConfig } from '../core/text/render.js';
import { fingerprint } from '../fingerprint.js';
import type { RoutedService } from '../core/model/routed-service.js';
import type { Settings } from '../core/model/settings.js';

/** Settings as an environment makes them, every path below `root`. */
export function settingsOf(root: string, environment: Readonly<Record<string, string>> = {}): Settings {
  return readConfig({ DF_FS_ROOT: root, ...environment }).settings;
}

/** A service as its parameters say, without anything looked up. Users without a password are left out. */
export function routedService(parameters: Parameters, settings: Settings): RoutedService {
  const { service } = parseProxyLabels(parameters, settings.labels);
  const users = service.users.flatMap(({ name, password }) =>
    password === undefined ? [] : [{ name, password, encrypted: service.usersEncrypted }],
  );
  const wanted = service.users.length > 0 || service.usersSecret !== undefined;
  return {
    service,
    users: wanted ? (users.length > 0 ? users : LOCKED) : undefined,
    frontendSnippet: undefined,
    backendSnippet: undefined,
  };
}

/** The service that each line of a configuration belongs to. */
export function ownersOf({ blocks }: RenderedConfig): readonly (string | undefined)[] {
  return blocks.flatMap(({ facts }) => facts.map(({ owner }) => owner));
}

/** Renders services that need nothing looked up; every host leads to `address`. */
export function renderServices(
  services: readonly RoutedService[],
  settings: Settings,
  { address = '127.0.0.1', ...more }: Partial<BuildInput> & { address?: string } = {},
): RenderedConfig {
  const hosts = services.flatMap(({ service }) => [
    service.name,
    ...service.destinations.flatMap(({ outboundHostname }) => outboundHostname ?? []),
  ]);
  const tablePath: BuildInput['tablePath'] =
    more.tablePath ?? (({ name }) => `${settings.paths.tables}/${name}.map`);
  const model = buildHaproxyModel({
    settings,
    capabilities: { version: [2, 6], prometheusExporter: true, lua: true },
    services,
    addresses: new Map(hosts.map((host) => [host, [address]])),
    slots: new Map(),
    tablePath,
    nameTemplate: fingerprint,
    ...more,
  });
  return renderHaproxyConfig(model, { settings, tablePath });
}
