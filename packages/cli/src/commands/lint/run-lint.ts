import { BAD_ANSWER, CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import { readVariables as readVariablesOfFiles } from '../../input/environment.js';
import { STDIN } from '../../input/read-files.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import type { Finding, Severity } from '../../lint/findings/finding.js';
import { lintWithCheckers } from '../../lint/lint-with-checkers.js';
import { lintSettings } from '../../lint/rules/settings.js';
import { readVariables } from '../../programs/variables.js';
import { formatCodeClimate, formatJunit, formatSarif } from '../../report/ci-reports.js';
import { countOf, formatGithub, formatJson, type LintFormat } from '../../report/lint-report.js';
import { withCharacterColumns } from '../../report/character-columns.js';
import { hasColor } from '../../report/color.js';
import { formatText } from '../../report/text-report.js';
import { stackArguments } from '../stack-options.js';
import type { LintArguments } from './options.js';

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
  let { stacks, findings, unchecked, unreadable } = await lintFiles(files, options, io);
  const wanted = (finding: Finding) => !options.ignore.some((ignored) => isIgnored(finding, ignored));
  if (options.fix) {
    const named = stacks.flatMap((stack) => stack.files);
    if (named.includes(STDIN))
      throw new CannotRunError('--fix: standard input cannot be mended; give a file');
    const environment = await readVariablesOfFiles(options.envFile, io);
    const { fixFiles } = await import('../../fix/fix-files.js');
    const count = await fixFiles(named, findings.filter(wanted), environment);
    io.writeMessage(`dflow: mended ${count} finding${count === 1 ? '' : 's'}\n`);
    if (count > 0) ({ stacks, findings, unchecked, unreadable } = await lintFiles(files, options, io));
  }
  for (const line of unreadable) io.writeMessage(`dflow: ${line}; it is left out\n`);
  const missing = unchecked.map(({ what }) => what).join(' and ');
  if (missing !== '') io.writeMessage(`dflow: what only ${missing} would find was not looked at\n`);
  const shown = findings.filter((finding) => RANKS[finding.severity] >= RANKS[options.level]).filter(wanted);
  const report = withCharacterColumns({
    findings: shown,
    files: stacks.flatMap((stack) => stack.files),
    services: stacks.reduce((count, stack) => count + stack.services.length, 0),
    sources: new Map(stacks.flatMap(({ sources }) => [...sources])),
    unchecked,
  });
  const isStrict = options.strict === true;
  await io.writeResult(FORMATS[options.format](report, { isStrict, hasColor: hasColor(options.color, io) }));
  const isBad = countOf(shown, 'error') > 0 || (isStrict && countOf(shown, 'warning') > 0);
  return isBad ? BAD_ANSWER : FINE;
}

async function lintFiles(files: readonly string[], options: LintArguments, io: Io) {
  const stacks = await readStacks(stackArguments(files, options), io);
  const variables = await readVariables(stacks, options.setting);
  const settings = lintSettings(variables, { allowsRaw: options.raw });
  const { findings, unchecked } = await lintWithCheckers(
    stacks,
    {
      settings,
      naming: { notifyLabel: settings.notify.key, knownNames: new Set(options.knownLabel) },
      cluster: {
        proxyNetworks: options.proxyNetwork,
        monitorNetworks: options.monitorNetwork,
        isTogether: options.together === true,
      },
    },
    { promtool: options.promtool, haproxy: options.haproxy, searchPath: io.environment['PATH'] ?? '' },
  );
  return { stacks, findings, unchecked, unreadable: variables.unreadable };
}

function isIgnored({ code, service }: Finding, ignored: string): boolean {
  const [wanted, only] = ignored.split('@');
  return code === wanted && (only === undefined || only === service);
}
