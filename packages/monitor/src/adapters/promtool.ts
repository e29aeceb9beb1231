import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  NotFoundError,
  runCommand,
  type CommandResult,
  type FileRoot,
  type Logger,
} from '@docker-flow/daemon/without-docker';
import { alertingRule, type Alert } from '../core/alert.js';
import { RULE_FILE } from '../core/build.js';
import { configForCheck } from '../core/check-form.js';
import type { PrometheusFiles } from '../core/model.js';
import { parseRuleCheck, refusalReason } from '../core/promtool-output.js';
import { renderConfig, renderRules, type RenderedFiles } from '../core/render.js';
import { targetFileName } from '../core/service-scrape.js';
import type { ConfigurationCheck } from '../ports.js';

export interface PromtoolOptions {
  readonly root: FileRoot;
  /** The value of `--enable-feature`; some features change what PromQL is valid. */
  readonly features: string | undefined;
  readonly logger: Logger;
}

const TIMEOUT_MS = 20_000;
/** How many files one promtool is given: a command line has its limits. */
const ALERTS_PER_RUN = 250;

/** promtool in a scratch directory. Without promtool everything counts as fine. */
export interface Promtool extends ConfigurationCheck {
  close(): Promise<void>;
}

export function createPromtool({ root, features, logger }: PromtoolOptions): Promtool {
  let directory: Promise<string> | undefined;
  const writtenTargets = new Map<string, string>();
  let isMissing = false;

  function scratch(): Promise<string> {
    return (directory ??= mkdtemp(path.join(tmpdir(), 'docker-flow-monitor-')));
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
    return undefined;
  }

  async function writeTargets(folder: string, targets: RenderedFiles['targets']): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const [service, text] of targets) {
      if (writtenTargets.get(service) === text) continue;
      await writeFile(path.join(folder, targetFileName(service)), text);
      writtenTargets.set(service, text);
    }
    for (const service of writtenTargets.keys()) if (!targets.has(service)) writtenTargets.delete(service);
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
    return !result || result.code === 0 ? 'fine' : refusalReason(result, path.dirname(file));
  }

  return {
    async check(files: PrometheusFiles, rendered: RenderedFiles) {
      if (isMissing) return undefined;
      const folder = await scratch();
      const targetDirectory = path.join(folder, 'file_sd');
      const placeholder = path.join(folder, 'placeholder');
      await writeFile(placeholder, '');
      if (rendered.targets.size > 0) await writeTargets(targetDirectory, rendered.targets);
      if (rendered.rules !== undefined) await writeFile(path.join(folder, RULE_FILE), rendered.rules);
      const config = configForCheck(files.config, { targetDirectory, placeholder, root });
      const file = path.join(folder, 'prometheus.yml');
      await writeFile(file, config === files.config ? rendered.config : renderConfig(config));
      const result = await run('config', [file]);
      return !result || result.code === 0 ? undefined : refusalReason(result, folder);
    },

    async checkAlerts(alerts) {
      const folder = path.join(await scratch(), 'alerts');
      await mkdir(folder, { recursive: true });
      const reasons = new Map<Alert, string>();
      for (let i = 0; i < alerts.length; i += ALERTS_PER_RUN)
        for (const [alert, reason] of await checkRuleFiles(folder, alerts.slice(i, i + ALERTS_PER_RUN)))
          reasons.set(alert, reason);
      return reasons;
    },

    async close() {
      if (directory) await rm(await directory, { recursive: true, force: true });
    },
  };
}
