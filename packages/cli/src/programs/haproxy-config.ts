import type { LookupTable } from '@docker-flow/proxy-configurator/core/model/directives';
import type { RoutedService } from '@docker-flow/proxy-configurator/core/model/routed-service';
import type { Settings } from '@docker-flow/proxy-configurator/core/model/settings';
import { buildHaproxyModel } from '@docker-flow/proxy-configurator/core/sections/build';
import { renderHaproxyConfig, type RenderedConfig } from '@docker-flow/proxy-configurator/core/text/render';
import { tablePathIn } from '@docker-flow/proxy-configurator/haproxy/table-path';

/** The version of the image; what only a running HAProxy tells plays no role here. */
const CAPABILITIES = { version: [2, 6], prometheusExporter: true, lua: true } as const;

/** The configuration of HAProxy with these services; addresses of tasks are not known. */
export function haproxyConfig(
  services: readonly RoutedService[],
  settings: Settings,
  { withExporter = true }: { readonly withExporter?: boolean } = {},
): RenderedConfig {
  const tablePath = (table: LookupTable) => tablePathIn(settings.paths.tables, table);
  const model = buildHaproxyModel({
    settings,
    capabilities: { ...CAPABILITIES, prometheusExporter: withExporter },
    services,
    addresses: new Map(),
    slots: new Map(),
    tablePath,
  });
  return renderHaproxyConfig(model, { settings, tablePath });
}
