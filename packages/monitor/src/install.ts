import { messageOf, type Logger } from '@docker-flow/daemon/without-docker';
import type { Alert } from './core/alert.js';
import {
  alertPart,
  buildPrometheusFiles,
  type BuildInput,
  type Built,
  type PartContent,
  type PartName,
} from './core/build.js';
import { renderFiles, sameFiles, type RenderedFiles } from './core/render.js';
import { readScrapeFile, type ScrapeFile } from './core/scrape-file.js';
import {
  alertsInForce,
  rejectAlerts,
  replacedAlerts,
  type ServiceRecord,
  type Tables,
} from './core/tables.js';
import { isolateCulprits } from './isolate.js';
import type {
  ConfigurationCheck,
  ConfigurationFiles,
  PrometheusServer,
  ReloadResult,
  ScrapeFileSource,
} from './ports.js';

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

interface LeftOut {
  readonly content: PartContent;
  readonly reason: string;
}

interface Candidate {
  readonly tables: Tables;
  readonly built: Built;
  readonly rendered: RenderedFiles;
}

const MAX_KNOWN_BAD_ALERTS = 1_000;

export function createInstaller(options: InstallerOptions): Installer {
  const { check, files, prometheus, logger } = options;
  const leftOut = new Map<PartName, LeftOut>();
  /** Reasons by what the alert says, so that one sent again and again is refused without another check. */
  const badAlerts = new Map<string, string>();
  /** Records of which every alert that is not in force has been judged. */
  const judgedRecords = new WeakSet<ServiceRecord>();
  let good: Built['parts'] = new Map();
  let running: RenderedFiles | undefined;
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

  function candidate(input: BuildInput, isLeftOut = isKnownCulprit): Candidate {
    const built = buildPrometheusFiles(input, isLeftOut);
    return { tables: input.tables, built, rendered: renderFiles(built.files) };
  }

  function isKnownCulprit(part: PartName, content: PartContent): boolean {
    return leftOut.get(part)?.content === content;
  }

  function refusal({ built, rendered }: Candidate): Promise<string | undefined> {
    return check.check(built.files, rendered);
  }

  /** The best configuration that passes the check. */
  async function findAccepted(input: BuildInput): Promise<Candidate> {
    const first = candidate(input);
    if ((await refusal(first)) === undefined) return first;
    const judged = await judgeNewAlerts(input.tables);
    const second = candidate({ ...input, tables: judged });
    if ((await refusal(second)) === undefined) return second;
    await judgeParts({ ...input, tables: judged }, second.built);
    return candidate({ ...input, tables: rejectAlerts(judged, reasonToLeaveOut) });
  }

  function reasonToLeaveOut(alert: Alert): string | undefined {
    const known = leftOut.get(alertPart(alert.service, alert.formattedName));
    return known?.content === alert ? known.reason : undefined;
  }

  /** Alerts that another one of the same name replaces are in no file, so no check of files would notice them. */
  async function judgeReplacedAlerts(tables: Tables): Promise<Tables> {
    const records = [...tables.services.values()].filter((record) => !judgedRecords.has(record));
    const suspects = records.flatMap(replacedAlerts);
    const judged = suspects.length === 0 ? tables : await judgeAlerts(tables, suspects);
    for (const { service } of records) {
      const record = judged.services.get(service);
      if (record) judgedRecords.add(record);
    }
    return judged;
  }

  /** New alerts are the usual culprits, and all of them can be judged at once. */
  function judgeNewAlerts(tables: Tables): Promise<Tables> {
    const suspects = [...tables.services.values()]
      .flatMap(alertsInForce)
      .filter((alert) => good.get(alertPart(alert.service, alert.formattedName)) !== alert);
    return judgeAlerts(tables, suspects);
  }

  async function judgeAlerts(tables: Tables, suspects: readonly Alert[]): Promise<Tables> {
    const reasons = await check.checkAlerts(suspects);
    for (const [alert, reason] of reasons) {
      if (badAlerts.size >= MAX_KNOWN_BAD_ALERTS) badAlerts.clear();
      badAlerts.set(alertKey(alert), reason);
    }
    return rejectAlerts(tables, (alert) => reasons.get(alert));
  }

  async function judgeParts(input: BuildInput, built: Built): Promise<void> {
    const isNew = (part: PartName, content: PartContent) => good.get(part) !== content;
    const suspects = [...built.parts].filter(([part, content]) => isNew(part, content)).map(([part]) => part);
    const withSuspects = (included: ReadonlySet<PartName>, all: ReadonlySet<PartName>) =>
      refusal(
        candidate(
          input,
          (part, content) => isKnownCulprit(part, content) || (all.has(part) && !included.has(part)),
        ),
      );
    const some = new Set(suspects);
    // What was good once may have become bad (a file it names is gone): then everything is suspect.
    const all = (await withSuspects(new Set(), some)) === undefined ? suspects : [...built.parts.keys()];
    const among = new Set(all);
    const culprits = await isolateCulprits(all, (included) => withSuspects(included, among));
    for (const [part, reason] of culprits) {
      leftOut.set(part, { content: built.parts.get(part), reason });
      logger.warn('Part of the configuration is refused and left out', { part, reason });
    }
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

  function blame({ built }: Candidate, reason: string): void {
    for (const [part, content] of built.parts)
      if (good.get(part) !== content)
        leftOut.set(part, { content, reason: `refused by Prometheus: ${reason}` });
  }

  /** Prometheus does not want what the check has let pass: back to what ran before. */
  async function rollBack(before: RenderedFiles | undefined, reason: string): Promise<void> {
    logger.error('Prometheus refuses the new configuration, putting the old one back', { reason });
    if (!before) return;
    if ((await place(before)) !== undefined) return;
    const again = await prometheus.reload();
    running = again.kind === 'live' ? before : undefined;
    if (again.kind !== 'live')
      logger.error('Prometheus does not take the old configuration back', { reason: again.reason });
  }

  return {
    async install(tables, { mode, blamesNewParts }) {
      const known =
        badAlerts.size === 0 ? tables : rejectAlerts(tables, (alert) => badAlerts.get(alertKey(alert)));
      const input = {
        ...options.build,
        tables: await judgeReplacedAlerts(known),
        scrapeFiles: await readScrapeFiles(),
      };
      const accepted = await findAccepted(input);
      noteProblems(accepted.built.problems);
      const { rendered } = accepted;
      const result = (reload: Installed['reload']): Installed => ({ tables: accepted.tables, reload });
      if (mode === 'reload-if-changed' && running && sameFiles(rendered, running))
        return result({ kind: 'unchanged' });
      const before = running;
      const failure = await place(rendered);
      if (failure !== undefined) return result({ kind: 'failed', reason: failure });
      const reload: ReloadResult = mode === 'write' ? { kind: 'live' } : await prometheus.reload();
      if (reload.kind === 'refused') {
        if (blamesNewParts) blame(accepted, reload.reason);
        await rollBack(before, reload.reason);
        return result(reload);
      }
      running = reload.kind === 'live' ? rendered : undefined;
      good = accepted.built.parts;
      for (const part of leftOut.keys()) if (!accepted.built.leftOut.has(part)) leftOut.delete(part);
      return result(reload);
    },
    checkAlerts: (alerts) => check.checkAlerts(alerts),
    canCheck: () => check.isPossible(),
    leftOut: () => new Map([...leftOut].map(([part, { reason }]) => [part, reason])),
    problems: () => problems,
  };
}

function alertKey({ formattedName, expression, for: duration, labels, annotations }: Alert): string {
  return JSON.stringify([formattedName, expression, duration, labels, annotations]);
}
