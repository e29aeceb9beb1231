import { readEnvironment } from '@docker-flow/daemon/config/environment';
import type { RequestSettings } from '@docker-flow/certificates/core/wishes/service-request';
import type { Shortcuts } from '@docker-flow/monitor/core/shortcuts/shortcut';
import type { Settings } from '@docker-flow/proxy-configurator/core/model/settings';
import { ENVIRONMENT as SCALER } from '@docker-flow/scaler/config/environment';
import type { NotifyLabel } from '@docker-flow/swarm-listener/core/services/interest';
import { certificateSettings } from '../../programs/certificates.js';
import { readProgramSettings } from '../../programs/program-settings.js';
import type { ProgramVariables } from '../../programs/variables.js';

/** What the programs are told by variables, as far as it decides what is wrong with a label. */
export interface LintSettings {
  readonly notify: NotifyLabel;
  readonly proxy: Settings;
  readonly shortcuts: Shortcuts;
  readonly scrapeTargetLabels: readonly string[];
  /** Of a monitor that is known; `undefined` where nobody knows it. */
  readonly scrapeIntervalMs: number | undefined;
  /** Bounds of services that name none. */
  readonly replicas: { readonly min: number; readonly max: number };
  readonly allowsRaw: boolean;
  /** Whether a monitor that is known lets alerts of one service name another one in what scales. */
  readonly mayScaleOthers: boolean;
  /** How the certificates program in the files reads labels; `undefined` where there is none. */
  readonly certificates: RequestSettings | undefined;
}

/** @throws {CannotRunError} naming a variable that its program would not start with */
export function lintSettings(
  variables: ProgramVariables,
  options: { readonly allowsRaw: boolean },
): LintSettings {
  const { proxy, allowsRaw, monitor, listener } = readProgramSettings(variables, options);
  const scaler = readEnvironment(SCALER, variables.of.scaler);
  const isMonitorKnown =
    variables.present.has('monitor') ||
    monitor.variables.some(({ path }) => path.join('.') === 'global.scrape_interval');
  return {
    notify: listener.notify,
    proxy,
    shortcuts: monitor.record.shortcuts,
    scrapeTargetLabels: monitor.record.scrapeTargetLabels,
    scrapeIntervalMs: isMonitorKnown ? monitor.record.globalScrapeIntervalMs : undefined,
    replicas: { min: scaler.DEFAULT_MIN_REPLICAS, max: scaler.DEFAULT_MAX_REPLICAS },
    allowsRaw,
    mayScaleOthers: !variables.present.has('monitor') || monitor.record.mayScaleOthers,
    certificates: variables.present.has('certificates')
      ? certificateSettings(variables.of.certificates)
      : undefined,
  };
}
