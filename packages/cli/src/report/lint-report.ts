import type { Finding, Related, Severity } from '../lint/findings/finding.js';
import { onOneLine } from '../lint/findings/show-value.js';
import { jsonText } from './json-text.js';

/** What a run of lint found. */
export interface LintReport {
  readonly findings: readonly Finding[];
  readonly files: readonly string[];
  readonly services: number;
  /** Lines of each file. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** What could not be looked at, and why. */
  readonly unchecked: readonly { readonly what: string; readonly reason: string }[];
}

export interface FormatOptions {
  /** Warnings count as errors do. */
  readonly isStrict: boolean;
  readonly hasColor: boolean;
}

export type LintFormat = (report: LintReport, options: FormatOptions) => string;

export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** The form for programs. */
export function formatJson({ findings, files, services, unchecked }: LintReport): string {
  return jsonText({
    version: 1,
    findings: findings.map(findingJson),
    summary: {
      files: files.length,
      services,
      errors: countOf(findings, 'error'),
      warnings: countOf(findings, 'warning'),
      infos: countOf(findings, 'info'),
    },
    unchecked,
  });
}

/** One finding for programs. */
export function findingJson({ place, ...finding }: Finding) {
  const { code, severity, message, expected, stack, service, label, suggestion, related } = finding;
  return {
    code,
    severity,
    message,
    ...(expected === undefined ? {} : { expected }),
    ...place,
    ...(stack === undefined ? {} : { stack }),
    ...(service === undefined ? {} : { service }),
    ...(label === undefined ? {} : { label }),
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(related ? { related: related.map(relatedJson) } : {}),
  };
}

function relatedJson({ place: { file, line, column }, message }: Related) {
  return { file, line, column, message };
}

/** Annotations of GitHub's workflows. */
export function formatGithub({ findings }: LintReport): string {
  const kinds = { error: 'error', warning: 'warning', info: 'notice' } as const;
  return findings
    .map(({ place, severity, code, message, expected }) => {
      const text = expected === undefined ? message : `${message}; expected ${expected}`;
      const at = `file=${escapeProperty(place.file)},line=${place.line},col=${place.column}`;
      return `::${kinds[severity]} ${at},title=${escapeProperty(code)}::${escapeData(text)}\n`;
    })
    .join('');
}

/** Line ends as GitHub wants them; other control characters never reach the terminal of whoever reads the log. */
function escapeData(text: string): string {
  const ended = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return onOneLine(ended);
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
