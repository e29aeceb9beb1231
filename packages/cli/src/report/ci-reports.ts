import { createHash } from 'node:crypto';
import { FINDING_CODES } from '../lint/findings/finding-codes.js';
import type { Finding } from '../lint/findings/finding.js';
import { onOneLine } from '../lint/findings/show-value.js';
import { jsonText } from './json-text.js';
import type { LintReport } from './lint-report.js';

/** Tells what each code means. */
const CODES_PAGE = 'https://github.com/docker-flow/docker-flow/blob/main/docs/reference/dflow.md';

/** SARIF 2.1.0, with a rule for each code that was found. */
export function formatSarif({ findings }: LintReport): string {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const levels = { error: 'error', warning: 'warning', info: 'note' } as const;
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'dflow', informationUri: CODES_PAGE, rules: codes.map(ruleOf) } },
        columnKind: 'unicodeCodePoints',
        results: findings.map(({ code, severity, place, ...finding }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: levels[severity],
          message: { text: textOf(finding) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(place.file) },
                region: {
                  startLine: place.line,
                  startColumn: place.column,
                  endLine: place.endLine,
                  endColumn: place.endColumn,
                },
              },
            },
          ],
        })),
      },
    ],
  });
}

/**
 * A test suite for each file; a clean file is a test that passes. Attributes as Jenkins's schema demands them
 * (junit-10.xsd of its xUnit plugin). Readers tell tests apart by their names, so two findings of a line have two.
 */
export function formatJunit(
  { findings, files }: LintReport,
  { isStrict }: { readonly isStrict: boolean },
): string {
  const suites = files.map((file) => {
    const failures = findings.filter(
      ({ place, severity }) =>
        place.file === file && (severity === 'error' || (isStrict && severity === 'warning')),
    );
    const cases = failures.map((finding) => {
      const { code, severity, place } = finding;
      const name = escapeXml(`${code} line ${place.line} column ${place.column}`);
      const message = escapeXml(textOf(finding));
      return `    <testcase name="${name}" classname="${escapeXml(file)}"><failure type="${severity}" message="${message}"/></testcase>`;
    });
    const clean = `    <testcase name="lint" classname="${escapeXml(file)}"/>`;
    const count = Math.max(1, failures.length);
    return [
      `  <testsuite name="${escapeXml(file)}" tests="${count}" failures="${failures.length}" errors="0" skipped="0">`,
      ...(cases.length > 0 ? cases : [clean]),
      '  </testsuite>',
    ].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join(
    '\n',
  );
}

/** Code Climate's issues, as GitLab reads them. */
export function formatCodeClimate({ findings }: LintReport): string {
  const severities = { error: 'major', warning: 'minor', info: 'info' } as const;
  return jsonText(
    findings.map(({ code, severity, place, ...finding }) => ({
      description: textOf(finding),
      check_name: code,
      fingerprint: createHash('sha256')
        .update([place.file, code, finding.service, finding.label, place.line, finding.message].join('\0'))
        .digest('hex'),
      severity: severities[severity],
      location: { path: place.file, lines: { begin: place.line } },
    })),
  );
}

/** What SARIF shows of a code. */
function ruleOf(id: string) {
  const known = FINDING_CODES[id];
  return { id, ...(known ? { shortDescription: { text: known.meaning } } : {}) };
}

function textOf({ message, expected }: Pick<Finding, 'message' | 'expected'>): string {
  return expected === undefined ? message : `${message}; expected ${expected}`;
}

function escapeXml(text: string): string {
  return onOneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}
