import { canonicalMonitorParameters, type Parameters } from '@docker-flow/labels';
import { buildPrometheusFiles } from '@docker-flow/monitor/core/files/build';
import { renderFiles } from '@docker-flow/monitor/core/files/render';
import {
  applyChanges,
  EMPTY_STATE,
  type MonitorState,
} from '@docker-flow/monitor/core/services/monitor-state';
import { buildServiceRecord } from '@docker-flow/monitor/core/services/service-record';
import type { MonitorSettings } from './program-settings.js';

/** What the monitor would know of services with these parameters. */
export function monitorState(all: readonly Parameters[], { record }: MonitorSettings): MonitorState {
  const changes = all.map((parameters) => {
    const canonical = canonicalMonitorParameters(Object.entries(parameters));
    return { kind: 'put-service', record: buildServiceRecord(canonical, record) } as const;
  });
  return applyChanges(EMPTY_STATE, changes).state;
}

/** `prometheus.yml` and `alert.rules`, as the monitor would write them. */
export function prometheusFiles(
  state: MonitorState,
  { variables, alertmanagerUrls }: MonitorSettings,
): { readonly config: string; readonly rules: string } {
  const { files } = buildPrometheusFiles({
    state,
    scrapeFiles: [],
    variables,
    alertmanagerUrls,
    expandsExternalLabels: false,
  });
  const { config, rules = '' } = renderFiles(files);
  return { config, rules };
}
