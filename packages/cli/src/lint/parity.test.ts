import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CATALOGUE,
  LABEL_PREFIX,
  LISTENER_LABELS,
  canonicalMonitorParameters,
  parseMonitorLabels,
  parseProxyLabels,
  parseScalerLabels,
  readCertificateLabels,
  readLabel,
  type Issue,
  type Label,
  type Reader,
} from '@docker-flow/labels';
import { planOfLabels } from '@docker-flow/scaler/core/autoscaling/labels/plan-of-labels';
import { readStack } from '../stack/read-stack.js';
import type { Finding } from './findings/finding.js';
import { lintStacks } from './lint-stacks.js';
import { lintSettings } from './rules/settings.js';

/** What a service has beside the label that is looked at. */
const CONTEXT = { servicePath: '/', port: '80', serviceDomain: 'a.test', alertName: 'a', alertIf: 'up' };

const NO_VARIABLES = {
  of: { proxy: {}, monitor: {}, 'swarm-listener': {}, scaler: {}, certificates: {} },
  present: new Set<never>(),
  unreadable: [],
};
const settings = lintSettings(NO_VARIABLES, { allowsRaw: true });

/** What lint says of one label of a service. */
function lint(name: string, value: string): readonly Finding[] {
  const labels = { notify: 'true', ...CONTEXT, [name]: value };
  const named = Object.entries(labels).map(([key, text]) => [
    `${LABEL_PREFIX}${key}`,
    // Docker fills in what looks like a variable.
    text.replaceAll('$', '$$$$'),
  ]);
  const stack = {
    services: {
      web: { image: 'x', networks: ['proxy'], deploy: { labels: Object.fromEntries(named) as object } },
    },
  };
  const file = { name: 'stack.yml', bytes: Buffer.from(JSON.stringify(stack)) };
  const { findings } = lintStacks([readStack([file], { name: 'stack', environment: {} })], {
    settings,
    naming: { notifyLabel: 'com.df.notify', knownNames: new Set() },
    cluster: { proxyNetworks: [], monitorNetworks: [], isTogether: false },
  });
  return findings.filter(({ label }) => label === `${LABEL_PREFIX}${name}`);
}

type Read = (parameters: Readonly<Record<string, string>>) => readonly Issue[];

/** What the proxy tells when it looks users up: here there are neither secrets nor users of its own. */
const UNKNOWN_USER: Issue = {
  service: 'stack_web',
  label: 'users',
  value: '',
  problem: 'has a user without password that nobody knows',
  expected: 'name:password entries',
  kind: 'no-effect',
};

/** What each program tells of labels, or rejects because of them. */
const TOLD: Readonly<Record<Reader, Read>> = {
  'proxy-configurator': (parameters) => {
    const { service, refusal, warnings } = parseProxyLabels(parameters, settings.proxy.labels);
    const unknown = service.users.some(({ password }) => password === undefined);
    return [...(refusal?.issues ?? []), ...warnings, ...(unknown ? [UNKNOWN_USER] : [])];
  },
  monitor: (parameters) => {
    const { alerts, warnings } = parseMonitorLabels(canonicalMonitorParameters(Object.entries(parameters)));
    return [...alerts.flatMap(({ problems }) => problems), ...warnings];
  },
  scaler(parameters) {
    const named = Object.entries(parameters).map(([name, text]) => [`${LABEL_PREFIX}${name}`, text]);
    const labels = Object.fromEntries(named) as Record<string, string>;
    const { value, issues } = parseScalerLabels('web', labels);
    const { min = settings.replicas.min, max = settings.replicas.max } = value;
    const { issues: ofTargets } = planOfLabels('web', labels, { min, max });
    return [...issues, ...ofTargets.filter(({ kind }) => kind !== 'quoted')];
  },
  'swarm-listener': (parameters) =>
    (['distribute', 'shortName'] as const).flatMap((name) => {
      const read = readLabel(LISTENER_LABELS[name], parameters[name] ?? 'true');
      return read.ok ? [] : [{ service: 'web', label: name, value: '', ...read }];
    }),
  certificates(parameters) {
    const defaults = { ...settings.proxy.labels, acmeByDefault: false };
    const { issues, refused } = readCertificateLabels(parameters, defaults);
    const list = ['acmeDomains', 'letsencrypt.host'].find((name) => parameters[name]);
    const named = refused.map(({ name, reason }) => ({
      service: 'web',
      label: list ?? 'serviceDomain',
      value: name,
      problem: reason,
      expected: '',
    }));
    return [...issues, ...named];
  },
};

const IN_ALERTS = new Set(['alertIf', 'alertName']);

/** Values that are nearly right, and any text. */
function valuesOf({ example = 'x', type }: Label): fc.Arbitrary<string> {
  const { choices = [], min = 0, max = 100 } = type;
  const near = [
    example,
    `${example}x`,
    `"${example}"`,
    ` ${example} `,
    example.toUpperCase(),
    '',
    String(min - 1),
    String(max + 1),
  ];
  return fc.oneof(
    fc.constantFrom(
      ...near,
      ...choices,
      'true',
      'yes',
      '0',
      '1',
      '5m',
      '30',
      '-1',
      '1.5',
      'a b',
      '/a',
      'a,b',
      'X: y',
      '50%',
    ),
    fc.string({ maxLength: 12, unit: 'grapheme-ascii' }),
  );
}

const RUNS = { numRuns: 12 };

describe.each(Object.keys(TOLD))('%s', (reader) => {
  const written = CATALOGUE[reader as Reader].filter(
    // Alerts are looked at as a whole, and `reschedule` is compared with a variable, not read.
    ({ name, on, sentByListener }) =>
      on !== 'node' &&
      sentByListener !== true &&
      name !== 'notify' &&
      name !== 'reschedule' &&
      !IN_ALERTS.has(name),
  );

  test.each(written.map((label) => [label.name, label] as const))(
    'lint has an error at %s exactly where it cannot be read',
    (name, label) => {
      fc.assert(
        fc.property(valuesOf(label), (value) => {
          const found = lint(name, value);
          // Of quotes lint says that they are quotes, and reads on without them.
          if (found.some(({ code }) => code === 'DF105')) return;
          const parameters = { ...CONTEXT, [name]: value, serviceName: 'stack_web' };
          const issues = Object.values(TOLD)
            .flatMap((read) => read(parameters))
            .filter((issue) => issue.label === name && issue.problem !== 'is missing');
          const byReader = found.filter(({ code }) =>
            /^DF(?:101|104|108|205|305|307|450|451|601|701|702)$/.test(code),
          );
          expect([value, byReader.length > 0]).toEqual([value, issues.length > 0]);
          const isWithoutEffect = byReader.every(({ code }) => code === 'DF104' || code === 'DF702');
          const isError = byReader.some(({ severity }) => severity === 'error');
          const isRefused = issues.some(({ kind }) => kind === undefined) && !isWithoutEffect;
          expect([value, isError]).toEqual([value, isRefused]);
        }),
        RUNS,
      );
    },
  );
});
