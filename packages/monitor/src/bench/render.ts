import { canonicalMonitorParameters } from '@docker-flow/labels';
import { buildPrometheusFiles } from '../core/files/build.js';
import { renderFiles } from '../core/files/render.js';
import { buildServiceRecord } from '../core/services/service-record.js';
import { builtInShortcuts } from '../core/shortcuts/built-in-shortcuts.js';
import { applyChanges, EMPTY_STATE } from '../core/services/monitor-state.js';
import { serviceParameters } from './service-parameters.js';

const RUNS = 15;
const settings = {
  shortcuts: builtInShortcuts({ nodeMetrics: 'modern', proxyMetrics: 'built-in', prometheusMajor: 2 }),
  mayScaleOthers: false,
  knowsKeepFiringFor: true,
  secrets: undefined,
  scrapeTargetLabels: [],
  globalScrapeIntervalMs: 10_000,
};
const input = { scrapeFiles: [], variables: [], alertmanagerUrls: '', expandsExternalLabels: false };

function recordOf(i: number) {
  return buildServiceRecord(canonicalMonitorParameters(Object.entries(serviceParameters(i))), settings);
}

/** Milliseconds of processor time for each of some runs. */
export interface RenderTimes {
  /** From a state that was never seen before to the texts of all files. */
  readonly freshMs: readonly number[];
  /** The same once more after one service has changed. */
  readonly changedMs: readonly number[];
}

export function measureRendering(services: number): RenderTimes {
  const freshMs: number[] = [];
  const changedMs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const records = Array.from({ length: services }, (_, i) => recordOf(i));
    const puts = records.map((record) => ({ kind: 'put-service', record }) as const);
    const { state } = applyChanges(EMPTY_STATE, puts);
    freshMs.push(cpuMs(() => renderFiles(buildPrometheusFiles({ ...input, state }).files)));
    const changed = applyChanges(state, [{ kind: 'put-service', record: recordOf(run) }]).state;
    changedMs.push(cpuMs(() => renderFiles(buildPrometheusFiles({ ...input, state: changed }).files)));
  }
  return { freshMs, changedMs };
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
