import { byText, canonicalMonitorParameters, pickTargetLabels, type Parameters } from '@docker-flow/labels';
import { readConfig } from '../config/config.js';
import { buildPrometheusFiles, type Built } from '../core/files/build.js';
import { renderFiles, type RenderedFiles } from '../core/files/render.js';
import { readScrapeFile } from '../core/files/scrape-file.js';
import { buildServiceRecord, type RecordSettings } from '../core/services/service-record.js';
import { builtInShortcuts } from '../core/shortcuts/built-in-shortcuts.js';
import { applyChanges, EMPTY_STATE, type Change, type MonitorState } from '../core/services/monitor-state.js';
import { globalScrapeIntervalMs } from '../core/variables/global-interval.js';

/** Everything the monitor can know, in plain words, for tests and measurements. */
export interface WorldInput {
  readonly environment?: Readonly<Record<string, string>>;
  readonly services?: readonly Parameters[];
  readonly nodes?: readonly Parameters[];
  /** Texts by file name. */
  readonly scrapeFiles?: Readonly<Record<string, string>>;
}

export function recordSettings(environment: Readonly<Record<string, string>> = {}): RecordSettings {
  const config = readConfig(environment);
  return {
    shortcuts: builtInShortcuts({
      nodeMetrics: config.nodeMetrics,
      proxyMetrics: config.proxyMetrics,
      prometheusMajor: 2,
    }),
    mayScaleOthers: config.alertsMayScaleOthers,
    knowsKeepFiringFor: true,
    secrets: config.scrapeSecrets,
    scrapeTargetLabels: config.scrapeTargetLabels,
    globalScrapeIntervalMs: globalScrapeIntervalMs(config.variables),
  };
}

export function putService(parameters: Parameters, settings = recordSettings()): Change {
  const canonical = canonicalMonitorParameters(Object.entries(parameters));
  return { kind: 'put-service', record: buildServiceRecord(canonical, settings) };
}

export function composeState({ environment = {}, services = [], nodes = [] }: WorldInput): MonitorState {
  const settings = recordSettings(environment);
  const { nodeTargetLabels } = readConfig(environment);
  return applyChanges(EMPTY_STATE, [
    ...services.map((parameters) => putService(parameters, settings)),
    ...nodes.map((row): Change => ({
      kind: 'put-node',
      id: row['id'] ?? '',
      labels: pickTargetLabels(row, nodeTargetLabels),
    })),
  ]).state;
}

/** The files of a whole world. */
export function composeFiles(input: WorldInput): Built & { readonly rendered: RenderedFiles } {
  const config = readConfig(input.environment ?? {});
  const scrapeFiles = Object.entries(input.scrapeFiles ?? {})
    .sort(byText(([name]) => name))
    .map(([name, text]) => ({ name, file: readScrapeFile(text) }));
  const built = buildPrometheusFiles({
    state: composeState(input),
    scrapeFiles,
    variables: config.variables,
    alertmanagerUrls: config.alertmanagerUrls,
    expandsExternalLabels: false,
  });
  return { ...built, rendered: renderFiles(built.files) };
}
