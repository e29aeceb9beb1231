import { builtInShortcuts } from '@docker-flow/monitor/core/shortcuts/built-in-shortcuts';
import { findPromtool, checkAlerts } from '../../checkers/promtool.js';
import { BAD_ANSWER, CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import type { Finding, Severity } from '../../lint/finding.js';
import { isProgram } from '../../lint/cluster-rules.js';
import { lintStacks } from '../../lint/lint-stacks.js';
import { readSettings } from '../../lint/settings.js';
import { formatCodeClimate, formatJunit, formatSarif } from '../../report/ci-reports.js';
import {
  countOf,
  formatGithub,
  formatJson,
  formatText,
  type LintFormat,
  type LintReport,
} from '../../report/lint-report.js';
import type { Stack } from '../../stack/stack.js';
import type { LintArguments } from './command.js';

const FORMATS: Readonly<Record<LintArguments['format'], LintFormat>> = {
  text: formatText,
  json: formatJson,
  github: formatGithub,
  sarif: formatSarif,
  junit: formatJunit,
  codeclimate: formatCodeClimate,
};
const RANKS: Readonly<Record<Severity, number>> = { error: 2, warning: 1, info: 0 };

/** Lints stacks; status 1 when there is an error, with `--strict` a warning. */
export async function runLint(files: readonly string[], options: LintArguments, io: Io): Promise<ExitStatus> {
  const stacks = await readStacks(
    { files, merged: options.composeFile, stack: options.stack, envFiles: options.envFile },
    io,
  );
  const settings = readSettings(settingsOf(stacks, options.setting), { allowsRaw: options.raw });
  const shortcuts = builtInShortcuts({ nodeMetrics: 'legacy', proxyMetrics: 'exporter', prometheusMajor: 2 });
  const { findings, services } = lintStacks(stacks, {
    settings,
    shortcuts,
    naming: { notifyLabel: settings.notifyLabel, knownNames: new Set(options.knownLabel) },
    cluster: {
      proxyNetworks: options.proxyNetwork,
      monitorNetworks: options.monitorNetwork,
      isTogether: options.together === true,
    },
  });
  const unchecked: { what: string; reason: string }[] = [];
  const promtool = await findPromtool(options.promtool, io.environment['PATH'] ?? '');
  const alerts = services.flatMap((service) => service.alerts);
  const ofPromtool = promtool === undefined ? [] : await checkAlerts(promtool, alerts);
  if (promtool === undefined && alerts.length > 0) unchecked.push({ what: 'promtool', reason: 'not found' });
  for (const { what } of unchecked)
    io.writeMessage(`dflow: without ${what}, what only it knows was not looked at\n`);
  const shown = [...findings, ...ofPromtool]
    .filter((finding) => RANKS[finding.severity] >= RANKS[options.level])
    .filter((finding) => !options.ignore.some((ignored) => isIgnored(finding, ignored)));
  const report: LintReport = {
    findings: shown,
    files: stacks.flatMap((stack) => stack.files),
    services: stacks.reduce((count, stack) => count + stack.services.length, 0),
    unchecked,
  };
  const isStrict = options.strict === true;
  await io.writeResult(FORMATS[options.format](report, { isStrict }));
  const isBad = countOf(shown, 'error') > 0 || (isStrict && countOf(shown, 'warning') > 0);
  return isBad ? BAD_ANSWER : FINE;
}

/** Variables of the programs in the files; those of the command line win. */
function settingsOf(stacks: readonly Stack[], given: readonly string[]): Readonly<Record<string, string>> {
  const programs = ['docker-flow-proxy', 'docker-flow-monitor', 'docker-flow-swarm-listener'] as const;
  const inFiles = stacks.flatMap(({ services }) =>
    services.filter((service) => programs.some((program) => isProgram(service, program))),
  );
  const settings = Object.fromEntries(inFiles.flatMap(({ environment }) => [...environment]));
  for (const setting of given) {
    const cut = setting.indexOf('=');
    const name = setting.slice(0, cut);
    if (cut < 1 || !KNOWN_SETTINGS.has(name))
      throw new CannotRunError(`--setting ${setting} is not NAME=VALUE of a known variable`);
    settings[name] = setting.slice(cut + 1);
  }
  return settings;
}

const KNOWN_SETTINGS = new Set([
  'DEFAULT_PORTS',
  'BIND_PORTS',
  'SEPARATOR',
  'DEFAULT_REQ_MODE',
  'SERVICE_DOMAIN_ALGO',
  'HTTPS_ONLY',
  'DF_NOTIFY_LABEL',
  'DEFAULT_MIN_REPLICAS',
  'DEFAULT_MAX_REPLICAS',
  'GLOBAL__SCRAPE_INTERVAL',
  'DF_NODE_METRICS',
  'DF_SERVICE_NAME_PREFIX',
  'DF_SCRAPE_TARGET_LABELS',
]);

function isIgnored({ code, service }: Finding, ignored: string): boolean {
  const [wanted, only] = ignored.split('@');
  return code === wanted && (only === undefined || only === service);
}
