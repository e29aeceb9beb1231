import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NotFoundError } from '@docker-flow/daemon/errors';
import type { FileRoot } from '@docker-flow/daemon/files/file-root';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { runCommand, type CommandResult } from '@docker-flow/daemon/process/child-process';
import { alertingRule, type Alert } from '../core/services/alert.js';
import { RULE_FILE } from '../core/files/build.js';
import { configForCheck } from '../core/files/check-form.js';
import type { PrometheusFiles } from '../core/services/prometheus-model.js';
import { parseRuleCheck, rejectionReason } from '../core/prometheus/promtool-output.js';
import { renderConfig, renderRules, type RenderedFiles } from '../core/files/render.js';
import { targetFileName } from '../core/services/service-scrape.js';
import { createIncrementalCheck } from '../core/files/incremental-check.js';
import type { ConfigurationCheck } from '../ports.js';

export interface PromtoolOptions {
  readonly root: FileRoot;
  /** The value of `--enable-feature`; some features change what PromQL is valid. */
  readonly features: string | undefined;
  readonly logger: Logger;
  /** Where the scratch directory is made. */
  readonly temporaryDirectory?: string;
}

const TIMEOUT_MS = 20_000;
/** How many files one promtool is given: a command line has its limits. */
const ALERTS_PER_RUN = 250;

/** promtool in a scratch directory, given only what it has not accepted before. Without promtool everything counts as fine. */
export interface Promtool extends ConfigurationCheck {
  close(): Promise<void>;
}

export function createPromtool({
  root,
  features,
  logger,
  temporaryDirectory = tmpdir(),
}: PromtoolOptions): Promtool {
  let directory: string | undefined;
  const selectUnchecked = createIncrementalCheck();
  let isMissing = false;
  let hasTold = true;

  /** Made again when somebody has cleaned up the temporary directory. */
  async function scratch(): Promise<string> {
    directory ??= await mkdtemp(path.join(temporaryDirectory, 'docker-flow-monitor-'));
    await mkdir(directory, { recursive: true });
    return directory;
  }

  /** A full disk, or no process left, keeps nobody's alerts out: Prometheus itself is asked next. */
  async function unlessItFails<T>(work: () => Promise<T>, whenItFails: T): Promise<T> {
    hasTold = true;
    try {
      return await work();
    } catch (error) {
      logger.warn('promtool cannot be used, going on without its check', { err: error });
      hasTold = false;
      return whenItFails;
    }
  }

  async function run(what: 'config' | 'rules', files: readonly string[]): Promise<CommandResult | undefined> {
    const feature = what === 'config' && features ? [`--enable-feature=${features}`] : [];
    try {
      const result = await runCommand('promtool', ['check', what, ...feature, ...files], {
        timeoutMs: TIMEOUT_MS,
      });
      isMissing = false;
      if (result.code !== null) return result;
      logger.warn('promtool did not end in time, going on without its check', { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      if (!isMissing) logger.warn('promtool is not installed, going on without its check', { err: error });
      isMissing = true;
    }
    hasTold = false;
    return undefined;
  }

  async function writeTargets(
    folder: string,
    services: Iterable<string>,
    texts: RenderedFiles['targets'],
  ): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const service of services)
      await writeFile(path.join(folder, targetFileName(service)), texts.get(service) ?? '');
  }

  async function checkRuleFiles(
    folder: string,
    alerts: readonly Alert[],
  ): Promise<ReadonlyMap<Alert, string>> {
    const fileOf = (i: number) => path.join(folder, `${i}.rules`);
    await Promise.all(
      alerts.map((alert, i) =>
        writeFile(fileOf(i), renderRules({ groups: [{ name: RULE_FILE, rules: [alertingRule(alert)] }] })),
      ),
    );
    const result = await run(
      'rules',
      alerts.map((_, i) => fileOf(i)),
    );
    const reasons = new Map<Alert, string>();
    if (!result || result.code === 0) return reasons;
    for (const [i, alert] of alerts.entries()) {
      const reason = parseRuleCheck(result, fileOf(i)) ?? (await checkAlone(fileOf(i)));
      if (reason !== 'fine') reasons.set(alert, reason);
    }
    return reasons;
  }

  /** For a promtool that words its answers in another way. */
  async function checkAlone(file: string): Promise<string> {
    const result = await run('rules', [file]);
    return !result || result.code === 0 ? 'fine' : rejectionReason(result, path.dirname(file));
  }

  async function checkFiles(
    files: PrometheusFiles,
    targets: RenderedFiles['targets'],
  ): Promise<string | undefined> {
    const unchecked = selectUnchecked(files, targets);
    if (unchecked.isEmpty) return undefined;
    const folder = await scratch();
    const targetDirectory = path.join(folder, 'file_sd');
    const emptyFile = path.join(folder, 'empty');
    await writeFile(emptyFile, '');
    await writeTargets(targetDirectory, unchecked.files.targets.keys(), targets);
    if (unchecked.files.rules)
      await writeFile(path.join(folder, RULE_FILE), renderRules(unchecked.files.rules));
    const config = configForCheck(unchecked.files.config, { targetDirectory, emptyFile, root });
    const file = path.join(folder, 'prometheus.yml');
    await writeFile(file, renderConfig(config));
    const result = await run('config', [file]);
    if (!result) return undefined;
    if (result.code !== 0) return rejectionReason(result, folder);
    unchecked.accept();
    return undefined;
  }

  /** In a folder of its own, because a dry run does not wait for its turn. */
  async function findBadAlerts(alerts: readonly Alert[]): Promise<ReadonlyMap<Alert, string>> {
    const reasons = new Map<Alert, string>();
    if (alerts.length === 0) return reasons;
    const folder = await mkdtemp(path.join(await scratch(), 'alerts-'));
    try {
      for (let i = 0; i < alerts.length; i += ALERTS_PER_RUN)
        for (const [alert, reason] of await checkRuleFiles(folder, alerts.slice(i, i + ALERTS_PER_RUN)))
          reasons.set(alert, reason);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return reasons;
  }

  return {
    async check(files, { targets }) {
      return isMissing ? undefined : unlessItFails(() => checkFiles(files, targets), undefined);
    },
    checkAlerts: (alerts) =>
      unlessItFails<ReadonlyMap<Alert, string>>(() => findBadAlerts(alerts), new Map()),
    isPossible: () => hasTold,

    async close() {
      if (directory) await rm(directory, { recursive: true, force: true });
    },
  };
}
