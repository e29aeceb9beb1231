import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Alert } from '../core/services/alert.js';
import { servicePart, type BuildInput, type Built, type PartName } from '../core/files/build.js';
import { charactersOf, sameFiles, type RenderedFiles } from '../core/files/render.js';
import { readScrapeFile, type ScrapeFile } from '../core/files/scrape-file.js';
import { rejectAlerts, type MonitorState } from '../core/services/monitor-state.js';
import { createFindAccepted } from './find-accepted.js';
import { createRejectedParts } from './rejected-parts.js';
import type {
  ConfigurationCheck,
  ConfigurationFiles,
  PrometheusServer,
  ReloadResult,
  ScrapeFileSource,
} from '../ports.js';

/** Makes Prometheus run what the state says. */
export interface Installer {
  install(state: MonitorState, how: InstallRules): Promise<Installed>;
  /** Alerts of a dry run that would be rejected, with the reason. */
  checkAlerts(alerts: readonly Alert[]): Promise<ReadonlyMap<Alert, string>>;
  /** Whether somebody tells beforehand what Prometheus would reject. */
  canCheck(): boolean;
  /** The rejected parts of the configuration, with the reason; services whose job has a name of the operator's among them. */
  rejectedParts(): ReadonlyMap<PartName, string>;
  /** What of files and variables is not in force, in words. */
  problems(): readonly string[];
}

export interface InstallRules {
  /**
   * `write` does not reload: Prometheus has not been started yet. `reload-if-changed` does nothing when
   * Prometheus already runs exactly this.
   */
  readonly mode: 'write' | 'reload' | 'reload-if-changed';
  /** Whether everything new is rejected from now on when Prometheus itself rejects the files. */
  readonly rejectsNewParts: boolean;
}

export interface Installed {
  /** With rejected alerts marked as such. */
  readonly state: MonitorState;
  readonly reload: ReloadResult | { readonly kind: 'unchanged' };
}

export interface InstallerOptions {
  readonly build: Omit<BuildInput, 'state' | 'scrapeFiles'>;
  readonly scrapeFiles: ScrapeFileSource;
  readonly check: ConfigurationCheck;
  readonly files: ConfigurationFiles;
  readonly prometheus: PrometheusServer;
  readonly logger: Logger;
}

export function createInstaller(options: InstallerOptions): Installer {
  const { check, files, prometheus, logger } = options;
  const rejectedParts = createRejectedParts();
  const findAccepted = createFindAccepted({ check, rejectedParts, logger });
  /** What Prometheus runs; `undefined` when nobody knows. */
  let running: RenderedFiles | undefined;
  /** What it has run last for certain. */
  let lastGood: RenderedFiles | undefined;
  let problems: readonly string[] = [];
  let displaced: Built['displaced'] = new Map();
  const parsedFiles = new Map<string, { readonly text: string; readonly file: ScrapeFile }>();

  async function readScrapeFiles(): Promise<BuildInput['scrapeFiles']> {
    const texts = await options.scrapeFiles.read();
    const result = texts.map(({ name, text }) => {
      const known = parsedFiles.get(name);
      const file = known?.text === text ? known.file : readScrapeFile(text);
      return { name, text, file };
    });
    parsedFiles.clear();
    for (const { name, text, file } of result) parsedFiles.set(name, { text, file });
    return result;
  }

  function noteProblems(found: readonly string[]): void {
    for (const problem of found)
      if (!problems.includes(problem)) logger.warn('Configuration is not complete', { problem });
    problems = found;
  }

  async function place(rendered: RenderedFiles): Promise<string | undefined> {
    try {
      await files.write(rendered);
      return undefined;
    } catch (error) {
      logger.error('Generated files cannot be written', { err: error });
      return `the generated files cannot be written: ${messageOf(error)}`;
    }
  }

  /** What nobody has checked must not lie there when Prometheus starts: it would not run at all. */
  async function whyNotYet(mode: InstallRules['mode']): Promise<string | undefined> {
    return check.isPossible() || mode === 'write' ? undefined : prometheus.whyNotReady();
  }

  /** Prometheus does not want what the check has let pass: back to what ran before, also for the next start. */
  async function rollBack(reason: string): Promise<void> {
    logger.error('Prometheus rejects the new configuration, putting the old one back', { reason });
    running = undefined;
    if (!lastGood || (await place(lastGood)) !== undefined) return;
    const again = await prometheus.reload(charactersOf(lastGood));
    if (again.kind === 'live') running = lastGood;
    else logger.error('Prometheus does not take the old configuration back', { reason: again.reason });
  }

  return {
    async install(state, { mode, rejectsNewParts }) {
      const scrapeFiles = await readScrapeFiles();
      const accepted = await findAccepted({ ...options.build, state, scrapeFiles });
      const { rendered, built } = accepted;
      noteProblems(built.problems);
      ({ displaced } = built);
      const result = (reload: Installed['reload']): Installed => ({ state: accepted.state, reload });
      if (mode === 'reload-if-changed' && running && sameFiles(rendered, running))
        return result({ kind: 'unchanged' });
      const failure = (await whyNotYet(mode)) ?? (await place(rendered));
      if (failure !== undefined) return result({ kind: 'failed', reason: failure });
      const reload: ReloadResult =
        mode === 'write' ? { kind: 'live' } : await prometheus.reload(charactersOf(rendered));
      if (reload.kind === 'rejected') {
        if (rejectsNewParts)
          rejectedParts.rejectUnconfirmed(built, `rejected by Prometheus: ${reload.reason}`);
        await rollBack(reload.reason);
        return { state: rejectAlerts(accepted.state, rejectedParts.reasonAgainst), reload };
      }
      if (reload.kind === 'failed') {
        running = undefined;
        return result(reload);
      }
      running = rendered;
      lastGood = rendered;
      rejectedParts.confirm(built);
      return result(reload);
    },
    checkAlerts: (alerts) => check.checkAlerts(alerts),
    canCheck: () => check.isPossible(),
    rejectedParts: () =>
      new Map([
        ...[...displaced].map(([service, reason]) => [servicePart(service), reason] as const),
        ...rejectedParts.reasons(),
      ]),
    problems: () => problems,
  };
}
