import { encodeParameters, withoutCredentials } from '@docker-flow/labels';
import { maskSecrets } from '@docker-flow/proxy-configurator/core/text/mask-secrets';
import { BAD_ANSWER, FINE, type ExitStatus } from '../../exit-status.js';
import { readStacks } from '../../input/read-stacks.js';
import type { Io } from '../../io.js';
import { deploymentOf, refusals, type Deployment } from '../../deployment/deployment.js';
import type { ServiceEffect } from '../../programs/effects.js';
import { prometheusFiles } from '../../programs/monitor.js';
import { haproxyConfig } from '../../programs/haproxy-config.js';
import { formatFindings } from '../../report/text-report.js';
import { withoutSecretValues } from '../../text/hide-secrets.js';
import { stackArguments } from '../stack-options.js';
import { serviceNamed } from '../service-named.js';
import type { RENDER_PARTS, RenderOptions } from './options.js';
import { effectJson } from './effect-json.js';
import { jsonText } from '../../report/json-text.js';

type Part = (typeof RENDER_PARTS)[number];

const FILES = ['haproxy.cfg', 'prometheus.yml', 'alert.rules'] as const;

/** Shows what would become of stacks; status 1 when a part of them is left out. */
export async function runRender(
  files: readonly string[],
  options: RenderOptions,
  io: Io,
): Promise<ExitStatus> {
  const stacks = await readStacks(stackArguments(files, options), io);
  const deployment = await deploymentOf(stacks, {
    settings: options.setting,
    allowsRaw: options.raw,
    checkers: { ...checkersOf(options), searchPath: io.environment['PATH'] ?? '' },
  });
  const shown = shownServices(deployment, options.service);
  const left = refusals(deployment.findings);
  const sources = new Map(stacks.flatMap((stack) => [...stack.sources]));
  io.writeMessage(formatFindings(left, sources, { hasColor: false }));
  const parts = partsOf(deployment, shown);
  await io.writeResult(
    options.only !== undefined
      ? parts[options.only]
      : options.format === 'json'
        ? renderJson(shown, parts)
        : renderText(parts),
  );
  return left.length > 0 ? BAD_ANSWER : FINE;
}

function checkersOf({ promtool, haproxy }: RenderOptions) {
  return { promtool, haproxy };
}

function shownServices({ effects }: Deployment, name: string | undefined): readonly ServiceEffect[] {
  if (name === undefined) return effects.services;
  return [serviceNamed(effects.services, name, ({ subject }) => subject)];
}

/** The texts of all files, without passwords. */
function partsOf(
  { effects, settings }: Deployment,
  shown: readonly ServiceEffect[],
): Readonly<Record<Part, string>> {
  const isAll = shown === effects.services;
  const routed = effects.routed.filter((one) => isAll || shown.some((effect) => effect.routed === one));
  const names = new Set(shown.map(({ subject }) => subject.parameters['serviceName']));
  const services = new Map([...effects.state.services].filter(([name]) => isAll || names.has(name)));
  const { config, rules } = prometheusFiles({ ...effects.state, services }, settings.monitor);
  return {
    'haproxy.cfg': withoutCredentials(
      maskSecrets(haproxyConfig(routed, settings.proxy).text).replace(/^\n/, ''),
    ),
    'prometheus.yml': withoutCredentials(config),
    'alert.rules': withoutCredentials(rules),
    notifications: shown
      .filter(({ subject }) => subject.isNotified)
      .map(({ subject }) => `${encodeParameters(withoutSecretValues(subject.parameters))}\n`)
      .join(''),
  };
}

function renderJson(shown: readonly ServiceEffect[], parts: Readonly<Record<Part, string>>): string {
  const files = FILES.map((name) => [name, parts[name]] as const);
  const texts: Readonly<Record<string, string>> = Object.fromEntries(files);
  const json = { version: 1, services: shown.map(effectJson), files: texts };
  return jsonText(json);
}

function renderText(parts: Readonly<Record<Part, string>>): string {
  return Object.entries(parts)
    .map(([name, text]) => `# ${name}\n\n${text === '' ? '(nothing)\n' : text}`)
    .join('\n');
}
