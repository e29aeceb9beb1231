import { BAD_ANSWER, CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import type { Finding } from '../../lint/findings/finding.js';
import { onOneLine } from '../../lint/findings/show-value.js';
import { deploymentOf, type Deployment } from '../../deployment/deployment.js';
import { hasColor } from '../../report/color.js';
import { findingJson } from '../../report/lint-report.js';
import type { Stack } from '../../stack/stack.js';
import { stackArguments } from '../stack-options.js';
import { changesBetween, type Change } from './changes.js';
import type { DiffOptions } from './options.js';
import { changesText } from './diff-text.js';
import { meanings, type Base } from './base/base.js';
import { baseOfDocker } from './base/base-of-docker.js';
import { baseOfListener } from './base/base-of-listener.js';
import { jsonText } from '../../report/json-text.js';

/** Shows what a deployment would change; status 1 when it changes something. */
export async function runDiff(files: readonly string[], options: DiffOptions, io: Io): Promise<ExitStatus> {
  const { base, against } = options;
  if (base.length > 0 === (against !== undefined))
    throw new CannotRunError(
      'diff: give the old side, --base with a file, or --against with an address or docker',
    );
  const stacks = await readStacks(stackArguments(files, options), io);
  const next = await deploymentOf(stacks, deploymentOptions(options, io));
  // A listener only tells what it sends: no bounds, and the replicas of the moment.
  const withScaling = against === undefined || against === 'docker';
  const old = await oldSide(next, stacks, options, io);
  const seen = next.effects.services.filter(({ subject }) => withScaling || subject.isNotified);
  const after = meanings(seen, { withScaling, defaults: next.settings.proxy });
  const changes = changesBetween(old.meanings, after);
  const warnings = newFindings(next.findings, old.findings, changes, stacks);
  await io.writeResult(
    options.format === 'json'
      ? jsonText({ version: 1, changes, warnings: warnings.map(findingJson) })
      : changesText(changes, { hasColor: hasColor(options.color, io) }),
  );
  if (options.format === 'text')
    for (const { code, message, service = '' } of warnings)
      io.writeMessage(`${onOneLine(`dflow: new ${code} service ${service}: ${message}`)}\n`);
  return changes.length > 0 ? BAD_ANSWER : FINE;
}

function deploymentOptions({ setting }: DiffOptions, { environment }: Io) {
  const checkers = { promtool: undefined, haproxy: undefined, searchPath: environment['PATH'] ?? '' };
  return { settings: setting, checkers };
}

function oldSide(next: Deployment, stacks: readonly Stack[], options: DiffOptions, io: Io): Promise<Base> {
  const { against } = options;
  if (against === undefined) return baseOfFiles(stacks, options, io);
  return against === 'docker'
    ? baseOfDocker(next, stacks, io.environment)
    : baseOfListener(against, next, stacks, io);
}

/** Several files are one stack, called like the new one. */
async function baseOfFiles(stacks: readonly Stack[], options: DiffOptions, io: Io): Promise<Base> {
  const [stack, ...others] = stacks;
  if (!stack || others.length > 0)
    throw new CannotRunError('diff: --base is compared with one stack; merge its files with -c');
  const base = await readStacks(
    { files: [], merged: options.base, stack: stack.name, envFiles: options.envFile },
    io,
  );
  const { effects, settings, findings } = await deploymentOf(base, deploymentOptions(options, io));
  const all = { withScaling: true, defaults: settings.proxy };
  return { meanings: meanings(effects.services, all), findings };
}

/** What is wrong now and was not before; where nobody knows, of the services that change. */
function newFindings(
  now: readonly Finding[],
  before: readonly Finding[] | undefined,
  changes: readonly Change[],
  stacks: readonly Stack[],
): readonly Finding[] {
  const keyOf = ({ code, service, label, message }: Finding) => [code, service, label, message].join('\0');
  const known = new Set(before?.map(keyOf));
  const changed = new Set(changes.map(({ service }) => service));
  const isOfChanged = ({ stack, service }: Finding) =>
    stacks.some(({ name }) => name === stack && changed.has(`${name}_${service ?? ''}`));
  return now.filter(
    (finding) =>
      finding.severity !== 'info' &&
      !known.has(keyOf(finding)) &&
      (before !== undefined || isOfChanged(finding)),
  );
}
