import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NotFoundError } from '@docker-flow/daemon/errors';
import type { FileRoot } from '@docker-flow/daemon/files/file-root';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { runCommand, type CommandResult } from '@docker-flow/daemon/process/child-process';
import { alertingRule, WRONG_TYPE, type Alert } from '../core/services/alert.js';
import { RULE_FILE } from '../core/files/build.js';
import { configForCheck, TYPE_RULE_FILE, typeRule } from '../core/files/check-form.js';
import type { AlertingRule, PrometheusFiles } from '../core/services/prometheus-model.js';
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
  /** Another program in the place of promtool. */
  readonly command?: string;
  /** How long one check may take. */
  readonly timeoutMs?: number;
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
  command = 'promtool',
  timeoutMs = TIMEOUT_MS,
}: PromtoolOptions): Promtool {
  const lateReason = `promtool cannot check it within ${timeoutMs / 1000} s`;
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

  /** Without a result nobody can tell: promtool is missing. */
  async function run(
    what: 'config' | 'rules',
    files: readonly string[],
  ): Promise<CommandResult | 'late' | undefined> {
    const feature = what === 'config' && features ? [`--enable-feature=${features}`] : [];
    try {
      const result = await runCommand(command, ['check', what, ...feature, ...files], { timeoutMs });
      isMissing = false;
      return result.code === null ? 'late' : result;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      if (!isMissing) logger.warn('promtool is not installed, going on without its check', { err: error });
      isMissing = true;
      hasTold = false;
      return undefined;
    }
  }

  /** Whether promtool ends in time at all: on a machine without any time left nobody is to blame. */
  async function endsInTime(): Promise<boolean> {
    const file = path.join(await scratch(), 'trivial.yml');
    await writeFile(file, 'global: {}\n');
    if ((await run('config', [file])) !== 'late') return true;
    logger.warn('promtool does not end in time, going on without its check', { timeoutMs });
    hasTold = false;
    return false;
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

  /** The reasons against alerts; those that cannot be checked in time are found by halving. */
  async function checkAlertFiles(
    folder: string,
    alerts: readonly Alert[],
  ): Promise<ReadonlyMap<Alert, string>> {
    const files = alerts.map((_, i) => ({
      rule: path.join(folder, `${i}.rules`),
      type: path.join(folder, `${i}.type.rules`),
    }));
    await Promise.all(
      alerts.flatMap((alert, i) => {
        const { rule = '', type = '' } = files[i] ?? {};
        return [
          writeFile(rule, rulesText([alertingRule(alert)])),
          writeFile(type, rulesText([typeRule(alertingRule(alert))])),
        ];
      }),
    );
    const result = await run(
      'rules',
      files.flatMap(({ rule, type }) => [rule, type]),
    );
    if (result === 'late') return checkHalves(folder, alerts);
    const reasons = new Map<Alert, string>();
    if (!result || result.code === 0) return reasons;
    for (const [i, alert] of alerts.entries()) {
      const { rule = '', type = '' } = files[i] ?? {};
      const reason = await reasonAgainst(result, rule);
      if (reason !== undefined) reasons.set(alert, reason);
      else if ((await reasonAgainst(result, type)) !== undefined) reasons.set(alert, WRONG_TYPE);
    }
    return reasons;
  }

  async function checkHalves(folder: string, alerts: readonly Alert[]): Promise<ReadonlyMap<Alert, string>> {
    const [only] = alerts;
    if (alerts.length > 1) {
      const middle = Math.ceil(alerts.length / 2);
      return new Map([
        ...(await checkAlertFiles(folder, alerts.slice(0, middle))),
        ...(await checkAlertFiles(folder, alerts.slice(middle))),
      ]);
    }
    return only && (await endsInTime()) ? new Map([[only, lateReason]]) : new Map<Alert, string>();
  }

  /** What the result says of one file; a promtool that words its answers in another way is asked again. */
  async function reasonAgainst(result: CommandResult, file: string): Promise<string | undefined> {
    const told = parseRuleCheck(result, file);
    if (told !== undefined) return told === 'fine' ? undefined : told;
    const alone = await run('rules', [file]);
    if (alone === 'late') return lateReason;
    return !alone || alone.code === 0 ? undefined : rejectionReason(alone, path.dirname(file));
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
    const rules = unchecked.files.rules?.groups.flatMap((group) => group.rules) ?? [];
    if (unchecked.files.rules) {
      await writeFile(path.join(folder, RULE_FILE), renderRules(unchecked.files.rules));
      await writeFile(path.join(folder, TYPE_RULE_FILE), rulesText(rules.map(typeRule)));
    }
    const form = configForCheck(unchecked.files.config, { targetDirectory, emptyFile, root });
    const config = rules.length === 0 ? form : { ...form, rule_files: [RULE_FILE, TYPE_RULE_FILE] };
    const file = path.join(folder, 'prometheus.yml');
    await writeFile(file, renderConfig(config));
    const result = await run('config', [file]);
    if (!result) return undefined;
    if (result === 'late') return (await endsInTime()) ? lateReason : undefined;
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
        for (const [alert, reason] of await checkAlertFiles(folder, alerts.slice(i, i + ALERTS_PER_RUN)))
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

function rulesText(rules: readonly AlertingRule[]): string {
  return renderRules({ groups: [{ name: RULE_FILE, rules }] });
}
