import { parsed } from '../../values/parsed.js';
import type { LabelType } from './label-type.js';

/** What a `name=value,name2=value2` text says. */
export interface NameValueList {
  /** In the order of the text; a later entry of the same name replaces an earlier one. */
  readonly entries: Readonly<Record<string, string>>;
  /** Pieces at the beginning that belong to no entry. */
  readonly dropped: readonly string[];
}

const NAME = '[A-Za-z_.-][A-Za-z0-9_.-]*';
const BARE_NAME = new RegExp(`^${NAME}$`);

/**
 * Reads entries separated by commas. Only the first `=` of a piece separates, and a piece opens an
 * entry only when a bare name stands before its `=`; any other piece continues the value before it,
 * comma included: `summary=Load is high, see panel,runbook=x` has two entries. Dashes and dots of names
 * become underscores, because Prometheus knows neither.
 */
export function parseNameValueList(text: string, { trimValues }: { trimValues: boolean }): NameValueList {
  const entries: [name: string, value: string][] = [];
  const dropped: string[] = [];
  for (const piece of text === '' ? [] : text.split(',')) {
    const equals = piece.indexOf('=');
    const name = equals < 0 ? '' : piece.slice(0, equals).trim();
    const last = entries.at(-1);
    if (BARE_NAME.test(name)) entries.push([name.replace(/[-.]/g, '_'), piece.slice(equals + 1)]);
    else if (last) last[1] += `,${piece}`;
    else if (piece.trim() !== '') dropped.push(piece);
  }
  const result: Record<string, string> = {};
  for (const [name, value] of entries) define(result, name, trimValues ? value.trim() : value);
  return { entries: result, dropped };
}

/** Plain assignment would not keep an entry named `__proto__`. */
function define(target: Record<string, string>, name: string, value: string): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
}

/**
 * `name=value` entries: metric labels, or annotations, whose values keep their blanks. What stands before
 * the first entry and is none is dropped and told.
 */
export function nameValueList(options: {
  readonly trimValues: boolean;
}): LabelType<NameValueList['entries']> {
  return {
    name: 'name=value pairs',
    words: '`name=value`, separated by commas',
    schema: { pattern: `[\\s,]*(?:${NAME}\\s*=[\\s\\S]*)?` },
    read(text) {
      const { entries, dropped } = parseNameValueList(text, options);
      if (dropped.length === 0) return parsed(entries);
      return {
        ok: false,
        problem: 'is not name=value and is dropped',
        expected: 'name=value joined by commas',
        part: dropped.join(','),
        instead: { value: entries },
      };
    },
  };
}
