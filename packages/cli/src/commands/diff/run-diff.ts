import type { Parameters } from '@docker-flow/labels';
import { BAD_ANSWER, CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import type { Finding } from '../../lint/findings/finding.js';
import { onOneLine } from '../../lint/findings/show-value.js';
import { createAsk } from '../../neighbours/ask.js';
import { announcedServices } from '../../neighbours/listener.js';
import { deploymentOf, type Deployment } from '../../deployment/deployment.js';
import { effectsOf, type ServiceEffect } from '../../programs/effects.js';
import { hasColor } from '../../report/color.js';
import { findingJson } from '../../report/lint-report.js';
import type { Stack } from '../../stack/stack.js';
import { stackArguments } from '../stack-options.js';
import { changesBetween, type Change } from './changes.js';
import type { DiffOptions } from './options.js';
import { changesText } from './diff-text.js';
import { meaningOf, type ServiceMeaning } from './meaning.js';
import { jsonText } from '../../report/json-text.js';

/** The old side: what its services mean, and what was wrong with it. */
interface Base {
  readonly meanings: ReadonlyMap<string, ServiceMeaning>;
  readonly findings: readonly Finding[];
}

/** Shows what a deployment would change; status 1 when it changes something. */
export async function runDiff(files: readonly string[], options: DiffOptions, io: Io): Promise<ExitStatus> {
  const { base, against } = options;
  if (base.length > 0 === (against !== undefined))
    throw new CannotRunError('diff: give the old side, --base with a file or --against with an address');
  const stacks = await readStacks(stackArguments(files, options), io);
  const next = await deploymentOf(stacks, deploymentOptions(options, io));
  // A listener only tells what it sends: no bounds, and the replicas of the moment.
  const withScaling = against === undefined || against === 'docker';
  const old =
    against === undefined
      ? await baseOfFiles(stacks, options, io)
      : await baseOfListener(against, next, stacks, io);
  const seen = next.effects.services.filter(({ subject }) => withScaling || subject.isNotified);
  const after = meanings(seen, { withScaling });
  const changes = changesBetween(old.meanings, after);
  const warnings = newFindings(
    next.findings,
    old.findings,
    against === undefined ? undefined : changes,
    stacks,
  );
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

function meanings(
  services: readonly ServiceEffect[],
  options: { readonly withScaling: boolean },
): ReadonlyMap<string, ServiceMeaning> {
  return new Map(services.map((effect) => [effect.subject.fullName, meaningOf(effect, options)]));
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
  const { effects, findings } = await deploymentOf(base, deploymentOptions(options, io));
  return { meanings: meanings(effects.services, { withScaling: true }), findings };
}

/** What a listener has announced of these stacks, read as its receivers read it. */
async function baseOfListener(
  address: string,
  { effects, settings }: Deployment,
  stacks: readonly Stack[],
  io: Io,
): Promise<Base> {
  const announced = await announcedServices(createAsk(io), address);
  const subjects = effects.services.flatMap(({ subject }) => {
    const parameters = announced.get(subject.parameters['serviceName'] ?? '');
    return parameters
      ? [{ ...subject, isNotified: true, parameters: unmasked(parameters, subject.parameters) }]
      : [];
  });
  const known = new Set(effects.services.map(({ subject }) => subject.parameters['serviceName']));
  const gone = [...announced].filter(
    ([name]) => !known.has(name) && stacks.some((stack) => name.startsWith(`${stack.name}_`)),
  );
  const template = effects.services[0]?.subject;
  const others = template
    ? gone.map(([fullName, parameters]) => ({ ...template, fullName, isNotified: true, parameters }))
    : [];
  const old = effectsOf([...subjects, ...others], settings, () => undefined);
  return { meanings: meanings(old.services, { withScaling: false }), findings: [] };
}

const MASK = '***';

/** Without a token a listener hides secrets: what cannot be compared counts as the same. */
function unmasked(announced: Parameters, own: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(announced).map(([name, value]) => [name, value === MASK ? (own[name] ?? value) : value]),
  );
}

/** What is wrong now and was not before; where nobody knows, of the services that change. */
function newFindings(
  now: readonly Finding[],
  before: readonly Finding[],
  changes: readonly Change[] | undefined,
  stacks: readonly Stack[],
): readonly Finding[] {
  const keyOf = ({ code, service, label, message }: Finding) => [code, service, label, message].join('\0');
  const known = new Set(before.map(keyOf));
  const changed = new Set(changes?.map(({ service }) => service));
  const isOfChanged = ({ stack, service }: Finding) =>
    stacks.some(({ name }) => name === stack && changed.has(`${name}_${service ?? ''}`));
  return now.filter(
    (finding) =>
      finding.severity !== 'info' &&
      !known.has(keyOf(finding)) &&
      (changes === undefined || isOfChanged(finding)),
  );
}
