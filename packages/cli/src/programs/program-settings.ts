import { readEnvironment } from '@docker-flow/daemon/config/environment';
import { InvalidConfigurationError } from '@docker-flow/daemon/errors';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { ENVIRONMENT as MONITOR } from '@docker-flow/monitor/config/environment';
import type { RecordSettings } from '@docker-flow/monitor/core/services/service-record';
import { builtInShortcuts } from '@docker-flow/monitor/core/shortcuts/built-in-shortcuts';
import { globalScrapeIntervalMs } from '@docker-flow/monitor/core/variables/global-interval';
import { configVariables, type ConfigVariable } from '@docker-flow/monitor/core/variables/variable';
import { ENVIRONMENT as PROXY } from '@docker-flow/proxy-configurator/config/environment';
import { readSettings } from '@docker-flow/proxy-configurator/config/read-settings';
import type { Settings } from '@docker-flow/proxy-configurator/core/model/settings';
import { ENVIRONMENT as LISTENER } from '@docker-flow/swarm-listener/config/environment';
import { parseNotifyLabel } from '@docker-flow/swarm-listener/core/services/interest';
import type { NamingRules } from '@docker-flow/swarm-listener/core/services/service-parameters';
import { CannotRunError } from '../exit-status.js';
import type { ProgramVariables } from './variables.js';

/** What the programs make of their variables, as far as it decides what becomes of labels. */
export interface ProgramSettings {
  readonly proxy: Settings;
  readonly allowsRaw: boolean;
  /** Only services of this instance are served; `undefined`: all. */
  readonly proxyInstance: string | undefined;
  readonly monitor: MonitorSettings;
  readonly listener: NamingRules;
  readonly present: ProgramVariables['present'];
}

export interface MonitorSettings {
  readonly record: RecordSettings;
  readonly variables: readonly ConfigVariable[];
  readonly alertmanagerUrls: string;
}

/** The major version of Prometheus that nothing in a file tells. */
const PROMETHEUS_MAJOR = 2;
/** Where the image of the proxy keeps what it writes. */
const PROXY_CONFIGS = '/cfg';

/** @throws {CannotRunError} naming a variable that its program would not start with */
export function readProgramSettings(
  { of, present }: ProgramVariables,
  { allowsRaw }: { readonly allowsRaw: boolean },
): ProgramSettings {
  const proxy = reading('proxy', () => readEnvironment(PROXY, of.proxy));
  const listener = reading('swarm-listener', () => readEnvironment(LISTENER, of['swarm-listener']));
  return {
    proxy: readSettings(proxy, of.proxy, { root: fileRoot(undefined), configs: PROXY_CONFIGS }),
    allowsRaw: allowsRaw && proxy.ALLOW_RAW_LABELS,
    proxyInstance: proxy.FILTER_PROXY_INSTANCE_NAME ? proxy.PROXY_INSTANCE_NAME : undefined,
    monitor: readMonitor(of.monitor),
    listener: {
      notify: parseNotifyLabel(listener.DF_NOTIFY_LABEL),
      namePrefix: listener.DF_SERVICE_NAME_PREFIX,
      extraPrefixes: listener.DF_EXTRA_LABEL_PREFIXES,
    },
    present,
  };
}

function readMonitor(environment: ProgramVariables['of']['monitor']): MonitorSettings {
  const own = reading('monitor', () => readEnvironment(MONITOR, environment));
  const variables = configVariables(environment);
  return {
    record: {
      shortcuts: builtInShortcuts({
        nodeMetrics: own.DF_NODE_METRICS,
        proxyMetrics: own.DF_PROXY_METRICS,
        prometheusMajor: PROMETHEUS_MAJOR,
      }),
      mayScaleOthers: own.DF_ALERTS_MAY_SCALE_OTHERS,
      knowsKeepFiringFor: true,
      secrets: undefined,
      scrapeTargetLabels: own.DF_SCRAPE_TARGET_LABELS,
      globalScrapeIntervalMs: globalScrapeIntervalMs(variables),
    },
    variables,
    alertmanagerUrls: own.ARG_ALERTMANAGER_URL,
  };
}

function reading<T>(program: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidConfigurationError)
      throw new CannotRunError(`the variables of the ${program} cannot be read: ${error.message}`);
    throw error;
  }
}
