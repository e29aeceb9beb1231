import { expect, test } from '@jest/globals';
import { fuzzParameters, fuzzTimeoutMs } from '@docker-flow/testkit';
import { CATALOGUE, type Parameters } from '@docker-flow/labels';
import { load, FAILSAFE_SCHEMA } from 'js-yaml';
import fc from 'fast-check';
import { composeFiles } from '../testing/world.js';

/**
 * A service that is there (the victim) and another one that comes (the newcomer), whatever its name and labels: what
 * Prometheus is given of the victim is the same, byte for byte, and no alert of the newcomer scales it.
 */

const VICTIMS: readonly Parameters[] = [
  { scrapePort: '80', nodeInfo: '[["n","10.0.0.1","id"]]' },
  { scrapePort: '80', scrapeType: 'static_configs', metricsPath: '/m?a=1' },
  { scrapePort: '9100', scrapeInterval: '5s' },
].map((parameters) => ({
  ...parameters,
  serviceName: 'flow_bank',
  'alertName.1': 'mem-limit',
  'alertIf.1': '@service_mem_limit:0.8',
  'alertName.2': 'slow',
  'alertIf.2': '@resp_time_above:0.1,5m,0.99',
  'alertAnnotations.2': 'summary=Mine: "all" # mine',
}));

/** Names that come near the victim's, and near what is made of names. */
const NAMES = [
  'flow-bank',
  'flow_bank2',
  'flow_ban',
  'flow',
  'flowbank',
  '-flow_bank',
  'flow_bank_mem',
  'flow_bank-',
  'FLOW_BANK',
  'tasks.flow_bank',
  'flow_bank.json',
  'flow_bank:80',
  '[flow_bank]',
  'alert.rules',
  'prometheus',
  '__proto__',
  'a.b',
] as const;

const HOSTILE = [
  'flow_bank',
  'service=flow_bank,scale=down',
  'scale=up,service={{ "flow_bank" }}',
  'service=flow_bank,scale={{ "up" }}',
  'alertname=flow_bank_memlimit,scale=up,service=flow_bank',
  'mem-limit',
  'memlimit',
  'bank_memlimit',
  '_memlimit',
  'up == 0',
  'label_replace(up, "service", "flow_bank", "", "")',
  'label_replace(label_replace(up, "scale", "up", "", ""), "service", "flow_bank", "", "")',
  '@service_mem_limit:0.8',
  '@resp_time_above:0.1,5m,0.99',
  '@resp_time_above:0.1,5m,0.99_or_@replicas_running',
  '@target_down"} or up{job="flow_bank',
  "\n- job_name: flow_bank\n  static_configs: [{targets: ['evil:1']}]",
  '"\n    labels: {service: flow_bank, scale: up}',
  '[["n","10.0.0.1","id"]]',
  '[["n","10.0.0.9","id"],["../../flow_bank","::1","x"]]',
  'static_configs',
  '/m?job=flow_bank',
  '80',
  '5m',
  '5s',
  'https',
  'true',
  '\u0085\u2028\ufeff',
  '🙂',
];

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);
const keys = CATALOGUE.monitor.flatMap(({ name, indexed }) =>
  name === 'serviceName' ? [] : indexed ? [name, `${name}.1`, `${name}.2`, `${name}.0`] : [name],
);
const newcomer: fc.Arbitrary<Parameters> = fc
  .record({
    name: fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })),
    labels: fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 8 })), value, {
      maxKeys: 12,
    }),
  })
  .map(({ name, labels }) => ({ ...labels, serviceName: name }));

interface Rule {
  readonly alert: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The texts of the victim's job and rules, its targets, and what is everybody's. */
function partsOf(services: readonly Parameters[]) {
  const { rendered } = composeFiles({ environment: { GLOBAL_SCRAPE_INTERVAL: '10s' }, services });
  const config = load(rendered.config, { schema: FAILSAFE_SCHEMA }) as {
    scrape_configs?: { job_name: string }[];
  };
  const rules = load(rendered.rules ?? 'groups: []', { schema: FAILSAFE_SCHEMA }) as {
    groups: { rules: Rule[] }[];
  };
  const { scrape_configs: jobs = [], ...common } = config;
  return {
    jobs: jobs.filter((job) => job.job_name === 'flow_bank'),
    jobTexts: blocks(rendered.config, '- job_name: flow_bank'),
    ruleTexts: [
      ...blocks(rendered.rules ?? '', '  - alert: flow_bank_memlimit'),
      ...blocks(rendered.rules ?? '', '  - alert: flow_bank_slow'),
    ],
    targets: rendered.targets.get('flow_bank'),
    common,
    allRules: rules.groups.flatMap((group) => group.rules),
  };
}

/** The items of a list that begin with this line, each with the deeper lines below it. */
function blocks(text: string, first: string): readonly string[] {
  const lines = text.split('\n');
  const indent = first.search(/\S/);
  return lines.flatMap((line, i) => {
    if (line !== first) return [];
    const end = lines.findIndex((other, j) => j > i && other.search(/\S/) <= indent);
    return [lines.slice(i, end < 0 ? undefined : end).join('\n')];
  });
}

test(
  'whatever comes beside a service, what Prometheus is given of it stays the same',
  () => {
    fc.assert(
      fc.property(fc.constantFrom(...VICTIMS), newcomer, (victim, other) => {
        fc.pre(other['serviceName'] !== 'flow_bank');
        const alone = partsOf([victim]);
        const together = partsOf([victim, other]);
        expect(together.jobs).toEqual(alone.jobs);
        expect(together.jobTexts).toEqual(alone.jobTexts);
        expect(alone.jobTexts).toHaveLength(1);
        expect(alone.ruleTexts).toHaveLength(2);
        for (const text of alone.ruleTexts) expect(together.ruleTexts).toContain(text);
        expect(together.targets).toEqual(alone.targets);
        expect(together.common).toEqual(alone.common);
        const added = together.allRules.slice();
        for (const rule of alone.allRules) {
          const at = added.findIndex((one) => JSON.stringify(one) === JSON.stringify(rule));
          expect(at).toBeGreaterThanOrEqual(0);
          added.splice(at, 1);
        }
        for (const { labels = {} } of added)
          expect(
            labels['service'] === 'flow_bank' &&
              labels['scale'] !== undefined &&
              labels['scale'] !== 'sideways'
              ? labels
              : {},
          ).toEqual({});
      }),
      fuzzParameters(150),
    );
  },
  fuzzTimeoutMs(60_000),
);
