import { createColors } from 'picocolors';
import { onOneLine } from '../../lint/findings/show-value.js';
import type { Change } from './changes.js';

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** A line for each change: sign, service, what, and the old and the new of what differs. */
export function changesText(
  changes: readonly Change[],
  { hasColor }: { readonly hasColor: boolean },
): string {
  const colors = createColors(hasColor);
  const paint = { added: colors.green, removed: colors.red, changed: colors.yellow };
  if (changes.length === 0) return 'no changes\n';
  return changes
    .map(({ kind, what, service, name, before, after }) => {
      const about =
        what === 'service' ? '' : ` ${what}${name === undefined || name === '0' ? '' : ` ${name}`}`;
      const sides =
        kind === 'changed' ? differences(before, after) : kind === 'added' ? summary(after) : summary(before);
      return `${paint[kind](onOneLine(`${SIGNS[kind]} ${service}${about}`))}: ${onOneLine(sides)}\n`;
    })
    .join('');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `paths /api → /v2, for 30s → 1m` */
function differences(before: unknown, after: unknown): string {
  if (!isRecord(before) || !isRecord(after)) return `${show(before)} → ${show(after)}`;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => `${key} ${show(before[key])} → ${show(after[key])}`)
    .join(', ');
}

function summary(value: unknown): string {
  if (!isRecord(value)) return show(value);
  const parts = Object.entries(value).filter(([, one]) => show(one) !== 'none');
  return parts.map(([key, one]) => `${key} ${show(one)}`).join(', ') || 'nothing to route, scrape or alarm';
}

function show(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(show).join(' ');
  if (!isRecord(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  const parts = Object.entries(value).filter(([, one]) => show(one) !== 'none');
  return parts.length === 0 ? 'none' : `{${parts.map(([key, one]) => `${key} ${show(one)}`).join(', ')}}`;
}
