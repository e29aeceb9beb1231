import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { CATALOGUE } from '../catalogue/catalogue.js';
import type { Label, Reader } from '../catalogue/label.js';
import type { LabelType } from '../catalogue/types/label-type.js';
import { canonicalMonitorParameters } from '../read/monitor/monitor-parameters.js';
import { parseMonitorLabels } from '../read/monitor/monitor-labels.js';
import { parseProxyLabels } from '../read/proxy/proxy-labels.js';
import { readLabel } from '../read/read-label.js';
import { parseNodeScalerLabels, parseScalerLabels } from '../read/scaler/scaler-labels.js';
import {
  MANAGER_NODE_LABEL_NAMES,
  SCALER_LABEL_NAMES,
  WORKER_NODE_LABEL_NAMES,
} from '../read/scaler/scaler-labels.js';
import { parseTargetLabels } from '../read/scaler/target-labels.js';
import type { Issue } from '../values/parsed.js';
import { LABEL_PREFIX } from '../wire/label-key.js';
import { labelSchema } from './schema.js';
import { anyOf, valueOptions } from './value-schema.js';

/**
 * What the JSON Schema accepts is what the programs read without an issue, and the reverse, for every label of the
 * catalogue: first label by label, then through the readers of the programs.
 */

const RUNS = { numRuns: 60 };
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const everyLabel = Object.values(CATALOGUE).flat();

/** Texts that one type or another reads, and texts that are nearly so. */
const SAMPLES = [
  ...everyLabel.flatMap(({ example, type }) => [example ?? '', ...(type.schema.choices ?? [])]),
  ...['True', 'FALSE', 'yes', 'on', 'TRUE', 'tRuE', 't', '1', '0'],
  ...[
    '65535',
    '65536',
    '0080',
    '+5',
    '-5',
    '-0',
    '50%',
    '-007%',
    '0%',
    '1.5',
    '2147483',
    '2147484',
    '31622401',
  ],
  ...['30s', '1h30m', '5m1h', '30', '99y', '100y', '1y2w3d4h5m6s7ms', '5 minutes'],
  ...['a.test', '*.a.test', 'a b', '[::1]', 'fe80::1', '::1/129', '10.0.0.0/33', '10.0.0.256', 'a..b', '-a'],
  ...['GET', 'get,PUT', '9', 'X-A:1', 'X-A:1,X-B', ':1', 'X A:1', 'a:b:c', 'a:b:c, d', 'a:, b:1', 'X-A : 4'],
  ...['100/10s', '0/1s', '1/0s', '5/m', '1/24h', '1/25h', '1440/1440m', '1/86401s', '1/086400s'],
  ...['path_beg -i', 'path -m end', 'req.ssl_sni -i', 'hdr_reg(host)', 'hdr(host),lower', 'hdr(host) -f /x'],
  ...['a,b', 'a,b,gi', 'a,b,x', 'a\\,b,c', 'a,b:c,d,g', ',b', 'a,b\\', 'a,b,g\\', '\\ a,b', 'a,b: ,c'],
  ...[
    'leastconn',
    'random(2)',
    'random(1234)',
    'rdp-cookie(x)',
    'bogus',
    'gzip deflate',
    'gzip,deflate',
    'Http',
  ],
  ...['frontend x', 'FrontEnd', 'frontends x', '#x', '.if 1', 'b\\x61ckend', 'acl it "a b"', 'option x'],
  ...[
    'user:pass,',
    ':pass',
    'user:',
    'user:  ',
    'a:b\nc:d',
    'a=1,b',
    'b,a=1',
    '1x=2',
    'a',
    ' a = 1',
    '-----BEGIN',
  ],
  ...['..x', '.x', 'a/b', 'line\nbreak', '\ttab', ' ', '\n', 'nbsp\u00a0', 'é', '😀', '\u2028', 'x\u0085'],
  ...[
    '"8080"',
    "'true'",
    '"a" "b"',
    "'a','b'",
    '""',
    ' "x" ',
    '"',
    "it's",
    '"a,\nb"',
    'a,\n b',
    '"a \n,b"',
    '%[a,b],c',
  ],
  ...[
    'X-A "a,b",X-B 2',
    '(a,b',
    '^/x{1,2}$',
    '"10.0.0.1,10.0.0.2"',
    'X-A:"1,2"',
    '"/a,/b"',
    '"30s"',
    "'a=1,b=2'",
  ],
  'a'.repeat(201),
  'b'.repeat(256),
  '9'.repeat(16),
];

const character = fc.constantFrom(...Array.from(' ,:./-+%=*_()[]#"\'\\\n\t09azGT\u2028é😀'));
const mutated = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.nat(), fc.nat({ max: 2 }), fc.constantFrom('', ' '), character)
  .map(([sample, place, removed, blank, inserted]) => {
    const at = place % (sample.length + 1);
    return `${sample.slice(0, at)}${blank}${removed > 1 ? '' : inserted}${sample.slice(at + removed)}`;
  });

function textFor({ example = '', type }: Label): fc.Arbitrary<string> {
  const { min = 0, max = 100 } = type;
  const own = [
    example,
    ...(type.schema.choices ?? []),
    ` ${example}`,
    `${example} `,
    `${example},${example}`,
  ];
  return fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...own) },
    { weight: 4, arbitrary: fc.constantFrom(...SAMPLES) },
    { weight: 3, arbitrary: mutated },
    { weight: 1, arbitrary: fc.integer({ min: min - 3, max: max + 3 }).map(String) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  );
}

const typesOf = ({ type, variant }: Label): readonly LabelType[] => (variant ? [type, variant.type] : [type]);

/** Docker writes numbers as Go does; beyond that they are written with exponents. */
const number = fc.oneof(
  fc.integer({ min: -10, max: 400 }),
  fc.integer(),
  fc.constantFrom(
    0,
    1,
    301,
    308,
    65_535,
    65_536,
    2_147_483,
    2_147_484,
    31_622_400,
    31_622_401,
    0.5,
    1.25,
    -7.5,
  ),
);

describe.each(Object.entries(CATALOGUE))('%s', (_reader, labels) => {
  const readable = labels.filter(({ type }) => type.schema.pattern !== undefined);

  test.each(readable.map((label) => [label.name, label] as const))(
    '%s is read if and only if the schema accepts it',
    (_name, label) => {
      for (const type of typesOf(label)) {
        const accepts = ajv.compile(anyOf(valueOptions(label, type)));
        const isRead = (text: string) => readLabel(label, text, { type }).ok;
        expect([null, accepts(null)]).toEqual([null, isRead('')]);
        expect(accepts(true)).toBe(false);
        for (const text of SAMPLES) expect([text, accepts(text)]).toEqual([text, isRead(text)]);
        fc.assert(
          fc.property(textFor(label), number, (text, count) => {
            expect([text, accepts(text)]).toEqual([text, isRead(text)]);
            expect([count, accepts(count)]).toEqual([count, isRead(String(count))]);
          }),
          RUNS,
        );
      }
    },
  );

  test('examples and defaults are good values', () => {
    const wrong = labels.flatMap((label) => {
      const values = [label.example, label.default?.startsWith('$') ? undefined : label.default];
      return values.flatMap((value) =>
        value === undefined || readLabel(label, value).ok ? [] : [[label.name, value]],
      );
    });
    expect(wrong).toEqual([]);
  });

  test('every label that people write has an example, but those that hold keys', () => {
    const without = labels.filter(
      ({ example, deprecatedFor, secret }) => !example && !deprecatedFor && !secret,
    );
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});

test('only what no person writes has no pattern, and names in Unicode, which no pattern can tell', () => {
  const without = everyLabel.filter(({ type }) => type.schema.pattern === undefined);
  expect(without.map(({ name, sentByListener }) => [name, sentByListener])).toEqual([
    ['nodeInfo', true],
    ['acmeDomains', undefined],
    ['letsencrypt.host', undefined],
  ]);
});

const DEFAULTS = { separator: ',', requestMode: 'http', httpsOnly: false, domainAlgo: 'hdr(host)' } as const;
const ROUTED = {
  serviceName: 'web',
  servicePath: '/',
  serviceDomain: 'a.test',
  port: '80',
  reqPathSearch: 'x',
};
const ALERT = { serviceName: 'web', alertName: 'a', alertIf: 'up' };

type Read = (labels: Readonly<Record<string, string>>) => readonly Pick<Issue, 'label' | 'kind'>[];

/** Every issue that a program has with the labels of a service. */
const ISSUES: Readonly<Partial<Record<Reader, Read>>> = {
  'proxy-configurator': (labels) => {
    const { refusal, warnings } = parseProxyLabels({ ...ROUTED, ...labels }, DEFAULTS);
    return [...(refusal?.issues ?? []), ...warnings].filter(({ problem }) => problem !== 'is missing');
  },
  monitor: (labels) => {
    const parameters = canonicalMonitorParameters(Object.entries({ ...ALERT, ...labels }));
    const { alerts, warnings } = parseMonitorLabels(parameters);
    return [...alerts.flatMap(({ problems }) => problems), ...warnings];
  },
  scaler: (labels) => {
    const full = Object.fromEntries(
      Object.entries(labels).map(([name, text]) => [`${LABEL_PREFIX}${name}`, text]),
    );
    return [
      parseScalerLabels('web', full, SCALER_LABEL_NAMES),
      parseTargetLabels('web', full),
      parseNodeScalerLabels('web', full, MANAGER_NODE_LABEL_NAMES),
      parseNodeScalerLabels('web', full, WORKER_NODE_LABEL_NAMES),
    ].flatMap(({ issues }) => issues);
  },
};

/** A value of the other label that makes the variant hold. */
const VARIANTS: Readonly<Record<string, string>> = { reqMode: 'sni', serviceDomainAlgo: 'hdr_reg(host)' };

const acceptsLabels = ajv.compile(labelSchema(CATALOGUE));

describe.each(Object.entries(ISSUES))('%s', (reader, issuesOf) => {
  const written = CATALOGUE[reader as Reader].filter(
    // `reschedule` is compared with a variable, not read.
    ({ sentByListener, name }) => !sentByListener && name !== 'reschedule',
  );

  test.each(written.map((label) => [label.name, label] as const))(
    'has an issue with %s if and only if the schema does',
    (name, label) => {
      const isRead = (others: Readonly<Record<string, string>>, text: string) =>
        issuesOf({ ...others, [name]: text }).every(
          // A schema knows what can be read, not what it does.
          ({ label: about, kind }) => about !== name || (kind !== undefined && kind !== 'quoted'),
        );
      const other = label.variant?.label ?? '';
      const context = { [other]: VARIANTS[other] ?? '' };
      const either = written.find((one) => one.name === other)?.indexed;
      fc.assert(
        fc.property(textFor(label), (text) => {
          const accepts = (others: Readonly<Record<string, string>>) =>
            acceptsLabels(
              Object.fromEntries(
                Object.entries({ ...others, [name]: text }).map(([key, value]) => [
                  `${LABEL_PREFIX}${key}`,
                  value,
                ]),
              ),
            );
          const isTaken = isRead({}, text) || (either === true && isRead(context, text));
          expect([text, accepts({})]).toEqual([text, isTaken]);
          // Where another label decides about this one, the schema must follow it.
          const isDecided = label.variant !== undefined && either !== true;
          const beside = isDecided ? context : {};
          expect([text, accepts(beside)]).toEqual([text, isDecided ? isRead(context, text) : isTaken]);
        }),
        RUNS,
      );
    },
  );
});
