import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Alert } from '../core/services/alert.js';
import type { BuildInput, PartName } from '../core/files/build.js';
import { sameFiles, type RenderedFiles } from '../core/files/render.js';
import { readScrapeFile, type ScrapeFile } from '../core/files/scrape-file.js';
import type { Tables } from '../core/services/tables.js';
import { createJudge } from './find-accepted.js';
import type {
  ConfigurationCheck,
  ConfigurationFiles,
  PrometheusServer,
  ReloadResult,
  ScrapeFileSource,
} from '../ports.js';

/** How the tables become what Prometheus runs. */
export interface Installer {
  install(tables: Tables, how: InstallRules): Promise<Installed>;
  /** Alerts of a dry run that would be rejected, with the reason. */
  checkAlerts(alerts: readonly Alert[]): Promise<ReadonlyMap<Alert, string>>;
  /** Whether somebody tells beforehand what Prometheus would refuse. */
  canCheck(): boolean;
  /** Parts that are left out because Prometheus does not want them, with the reason. */
  leftOut(): ReadonlyMap<PartName, string>;
  /** What of files and variables was left out, in words. */
  problems(): readonly string[];
}

export interface InstallRules {
  /**
   * `write` does not reload: Prometheus has not been started yet. `reload-if-changed` does nothing when
   * Prometheus already runs exactly this.
   */
  readonly mode: 'write' | 'reload' | 'reload-if-changed';
  /** Whether everything new is left out from now on when Prometheus itself refuses the files. */
  readonly blamesNewParts: boolean;
}

export interface Installed {
  /** The tables with refused alerts marked as rejected. */
  readonly tables: Tables;
  readonly reload: ReloadResult | { readonly kind: 'unchanged' };
}

export interface InstallerOptions {
  readonly build: Omit<BuildInput, 'tables' | 'scrapeFiles'>;
  readonly scrapeFiles: ScrapeFileSource;
  readonly check: ConfigurationCheck;
  readonly files: ConfigurationFiles;
  readonly prometheus: PrometheusServer;
  readonly logger: Logger;
}

export function createInstaller(options: InstallerOptions): Installer {
  const { check, files, prometheus, logger } = options;
  const judge = createJudge(check, logger);
  /** What Prometheus runs; `undefined` when nobody knows. */
  let running: RenderedFiles | undefined;
  /** What it has run last for certain. */
  let lastGood: RenderedFiles | undefined;
  let problems: readonly string[] = [];
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
    logger.error('Prometheus refuses the new configuration, putting the old one back', { reason });
    running = undefined;
    if (!lastGood || (await place(lastGood)) !== undefined) return;
    const again = await prometheus.reload();
    if (again.kind === 'live') running = lastGood;
    else logger.error('Prometheus does not take the old configuration back', { reason: again.reason });
  }

  return {
    async install(tables, { mode, blamesNewParts }) {
      const scrapeFiles = await readScrapeFiles();
      const accepted = await judge.findAccepted({ ...options.build, tables, scrapeFiles });
      const { rendered, built } = accepted;
      noteProblems(built.problems);
      const result = (reload: Installed['reload']): Installed => ({ tables: accepted.tables, reload });
      if (mode === 'reload-if-changed' && running && sameFiles(rendered, running))
        return result({ kind: 'unchanged' });
      const failure = (await whyNotYet(mode)) ?? (await place(rendered));
      if (failure !== undefined) return result({ kind: 'failed', reason: failure });
      const reload: ReloadResult = mode === 'write' ? { kind: 'live' } : await prometheus.reload();
      if (reload.kind === 'refused') {
        const judged = blamesNewParts ? judge.blame(accepted, reload.reason) : accepted.tables;
        await rollBack(reload.reason);
        return { tables: judged, reload };
      }
      if (reload.kind === 'failed') {
        running = undefined;
        return result(reload);
      }
      running = rendered;
      lastGood = rendered;
      judge.confirm(accepted);
      return result(reload);
    },
    checkAlerts: (alerts) => check.checkAlerts(alerts),
    canCheck: () => check.isPossible(),
    leftOut: () => judge.leftOut(),
    problems: () => problems,
  };
}
