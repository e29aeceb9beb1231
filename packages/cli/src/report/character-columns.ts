import type { Place } from '../yaml/placed.js';
import type { LintReport } from './lint-report.js';

const IS_PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

/** The report with columns that count characters. Texts of JavaScript count an emoji as two. */
export function withCharacterColumns(report: LintReport): LintReport {
  const columnAt = (file: string, line: number, column: number): number => {
    const before = report.sources.get(file)?.[line - 1]?.slice(0, column - 1);
    return before !== undefined && IS_PAIR.test(before)
      ? column - (before.length - Array.from(before).length)
      : column;
  };
  const inCharacters = (place: Place): Place => ({
    ...place,
    column: columnAt(place.file, place.line, place.column),
    endColumn: columnAt(place.file, place.endLine, place.endColumn),
  });
  return {
    ...report,
    findings: report.findings.map(({ related, ...finding }) => ({
      ...finding,
      place: inCharacters(finding.place),
      ...(related && { related: related.map((one) => ({ ...one, place: inCharacters(one.place) })) }),
    })),
  };
}
