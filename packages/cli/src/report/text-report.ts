import { withoutCredentials } from '@docker-flow/labels';
import { createColors } from 'picocolors';
import type { Finding, Severity } from '../lint/findings/finding.js';
import { onOneLine } from '../lint/findings/show-value.js';
import { isSecretLabel } from '../text/hide-secrets.js';
import { countOf, type LintReport } from './lint-report.js';

type Colors = ReturnType<typeof createColors>;
type Sources = LintReport['sources'];

const WIDEST_LINE = 160;

/** For people: a line for each finding with the line of the file under it, a summary last. */
export function formatText(
  { findings, services, sources }: LintReport,
  { hasColor }: { readonly hasColor: boolean },
): string {
  const errors = countOf(findings, 'error');
  const warnings = countOf(findings, 'warning');
  const infos = countOf(findings, 'info');
  const colors = createColors(hasColor);
  const counts = [
    plural(errors, 'error'),
    plural(warnings, 'warning'),
    ...(infos > 0 ? [plural(infos, 'info')] : []),
  ];
  const summary = `${counts.join(', ')} in ${plural(services, 'service')}`;
  const paint = errors > 0 ? colors.red : warnings > 0 ? colors.yellow : colors.green;
  return `${formatFindings(findings, sources, { hasColor })}${paint(summary)}\n`;
}

/** Findings without a summary. */
export function formatFindings(
  findings: readonly Finding[],
  sources: Sources,
  { hasColor }: { readonly hasColor: boolean },
): string {
  const colors = createColors(hasColor);
  return findings
    .map((finding) => `${formatFinding(finding, colors)}\n${snippet(finding, sources, colors)}`)
    .join('');
}

function formatFinding({ place, severity, code, service, ...finding }: Finding, colors: Colors): string {
  const { message, expected, suggestion } = finding;
  const where = colors.bold(`${onOneLine(place.file)}:${place.line}:${place.column}:`);
  const kind = painterOf(severity, colors)(`${severity} ${code}`);
  const about = service === undefined ? '' : ` service ${onOneLine(service)}`;
  const right = expected === undefined ? '' : `; expected ${onOneLine(expected)}`;
  const mean = suggestion === undefined ? '' : ` — did you mean ${onOneLine(suggestion)}?`;
  return `${where} ${kind}${about}: ${onOneLine(message)}${right}${mean}`;
}

function painterOf(severity: Severity, colors: Colors): (text: string) => string {
  return { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
}

/** The line of the file with the place marked; none of what holds a secret. */
function snippet({ place, label, severity }: Finding, sources: Sources, colors: Colors): string {
  const line = sources.get(place.file)?.[place.line - 1];
  if (line === undefined || line.trim() === '' || holdsSecret(label, line)) return '';
  const shown = onOneLine(line.replaceAll('\t', ' '));
  const start = Math.max(0, Math.min(place.column - 1, shown.length));
  const isOneLine = place.endLine === place.line;
  const end = Math.min(Math.max(isOneLine ? place.endColumn - 1 : shown.length, start + 1), WIDEST_LINE);
  const cut = shown.length > WIDEST_LINE ? `${shown.slice(0, WIDEST_LINE)}…` : shown;
  const number = String(place.line).padStart(5);
  const mark = painterOf(severity, colors)('^'.repeat(Math.max(1, end - start)));
  return start >= WIDEST_LINE
    ? `${colors.dim(`${number} |`)} ${cut}\n`
    : `${colors.dim(`${number} |`)} ${cut}\n${colors.dim('      |')} ${' '.repeat(start)}${mark}\n`;
}

function holdsSecret(label: string | undefined, line: string): boolean {
  const names = [
    ...(label === undefined ? [] : [label]),
    ...(line.match(/[\w-]+\.[\w.-]+(?=\s*[=:"'])/g) ?? []),
  ];
  return (
    names.some(isSecretLabel) ||
    /users|serviceCert|password|secret|token/i.test(line) ||
    withoutCredentials(line) !== line
  );
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
