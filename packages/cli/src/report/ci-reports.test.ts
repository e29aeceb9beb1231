import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../lint/findings/finding.js';
import { formatCodeClimate, formatJunit, formatSarif } from './ci-reports.js';
import type { LintReport } from './lint-report.js';

function finding(file: string, line: number, more: Partial<Finding> = {}): Finding {
  const place = { file, line, column: 11, endLine: line, endColumn: 20 };
  return {
    code: 'DF101',
    severity: 'error',
    message: 'port="x" is not a port',
    expected: '1 to 65535',
    place,
    ...more,
  };
}

const HOSTILE = `a "b" <c> & 'd' \u001b[31m \ud800 ]]>`;
const FILES = ['stacks/shop.yml', 'the shop.yml', 'clean.yml', '<stdin>'];
const REPORT: LintReport = {
  findings: [
    finding('stacks/shop.yml', 3),
    finding('stacks/shop.yml', 3, { code: 'DF202', message: HOSTILE }),
    finding('the shop.yml', 9, { code: 'DF205', severity: 'warning' }),
    finding('<stdin>', 1, { code: 'DF404', severity: 'info' }),
  ],
  files: FILES,
  services: 4,
  sources: new Map(),
  unchecked: [],
};

/** What the schema of OASIS (sarif-schema-2.1.0.json) demands of the parts that are written here. */
interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly informationUri: string;
        readonly rules: readonly { id: string; shortDescription?: { text: string } }[];
      };
    };
    readonly columnKind: string;
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: Readonly<Record<string, number>>;
        };
      }[];
    }[];
  }[];
}

describe('SARIF', () => {
  const sarif = JSON.parse(formatSarif(REPORT)) as Sarif;
  const [run] = sarif.runs;

  test('has exactly the keys and values that its schema knows', () => {
    expect(Object.keys(sarif).sort()).toEqual(['$schema', 'runs', 'version']);
    expect([sarif.version, sarif.runs.length]).toEqual(['2.1.0', 1]);
    expect(Object.keys(run ?? {}).sort()).toEqual(['columnKind', 'results', 'tool']);
    expect(run?.columnKind).toBe('unicodeCodePoints');
    expect(run?.results.map(({ level }) => level)).toEqual(['error', 'error', 'warning', 'note']);
    for (const result of run?.results ?? [])
      expect(Object.keys(result).sort()).toEqual(['level', 'locations', 'message', 'ruleId', 'ruleIndex']);
  });

  test('names each rule once, and each result by its place in that list', () => {
    const rules = run?.tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).toEqual(['DF101', 'DF202', 'DF205', 'DF404']);
    expect(rules.every(({ shortDescription }) => (shortDescription?.text ?? '') !== '')).toBe(true);
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(rules[ruleIndex]?.id).toBe(ruleId);
  });

  test('names files as references (RFC 3986), and regions by numbers from 1', () => {
    const places = (run?.results ?? []).map(({ locations }) => locations[0]?.physicalLocation);
    expect(places.map((place) => place?.artifactLocation.uri)).toEqual([
      'stacks/shop.yml',
      'stacks/shop.yml',
      'the%20shop.yml',
      '%3Cstdin%3E',
    ]);
    for (const place of places) {
      expect(Object.keys(place?.region ?? {}).sort()).toEqual([
        'endColumn',
        'endLine',
        'startColumn',
        'startLine',
      ]);
      expect(
        Object.values(place?.region ?? { none: 0 }).every((value) => Number.isInteger(value) && value >= 1),
      ).toBe(true);
    }
  });
});

describe('JUnit', () => {
  const suites = (text: string) =>
    [...text.matchAll(/<testsuite ([^>]*)>([^]*?)<\/testsuite>/g)].map(([, attributes = '', body = '']) => ({
      ...(Object.fromEntries(
        [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
      ) as Record<string, string>),
      cases: body.match(/<testcase /g)?.length,
      names: [...body.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name),
    }));

  test('has a suite for each file, with the attributes that Jenkins demands and as many tests as it says', () => {
    expect(suites(formatJunit(REPORT, { isStrict: false }))).toEqual([
      {
        name: 'stacks/shop.yml',
        tests: '2',
        failures: '2',
        errors: '0',
        skipped: '0',
        cases: 2,
        names: ['DF101 line 3 column 11', 'DF202 line 3 column 11'],
      },
      {
        name: 'the shop.yml',
        tests: '1',
        failures: '0',
        errors: '0',
        skipped: '0',
        cases: 1,
        names: ['lint'],
      },
      { name: 'clean.yml', tests: '1', failures: '0', errors: '0', skipped: '0', cases: 1, names: ['lint'] },
      {
        name: '&lt;stdin&gt;',
        tests: '1',
        failures: '0',
        errors: '0',
        skipped: '0',
        cases: 1,
        names: ['lint'],
      },
    ]);
    expect(suites(formatJunit(REPORT, { isStrict: true }))[1]).toMatchObject({ failures: '1', cases: 1 });
  });

  test('is XML whatever stands in a label', () => {
    const text = formatJunit(REPORT, { isStrict: true });
    expect(text.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>')).toBe(true);
    expect(text).toContain('message="a &quot;b&quot; &lt;c&gt; &amp; ');
    // eslint-disable-next-line no-control-regex -- what XML 1.0 does not allow
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/);
    // Each element ends the one that was opened last.
    const open: string[] = [];
    const crossed: string[] = [];
    for (const [, end, name = '', closed] of text.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (end !== '/' && closed !== '/') open.push(name);
      else if (end === '/' && open.pop() !== name) crossed.push(name);
    }
    expect(crossed).toEqual([]);
    expect(open).toEqual([]);
  });
});

test('Code Climate has what GitLab reads of its specification, and a fingerprint of its own for each', () => {
  const issues = JSON.parse(formatCodeClimate(REPORT)) as readonly Record<string, unknown>[];
  expect(issues.map(({ severity }) => severity)).toEqual(['major', 'major', 'minor', 'info']);
  for (const issue of issues)
    expect(issue).toEqual({
      description: expect.stringMatching(/./),
      check_name: expect.stringMatching(/^DF[0-9]{3}$/),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: expect.stringMatching(/^(?:info|minor|major|critical|blocker)$/),
      location: { path: expect.stringMatching(/./), lines: { begin: expect.any(Number) } },
    });
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
  // The same report has the same fingerprints.
  expect(formatCodeClimate(REPORT)).toBe(formatCodeClimate({ ...REPORT }));
});
