import type { Finding } from '../lint/findings/finding.js';
import type { SourceText } from './source-text.js';

/** One piece of a text and what takes its place. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const NAMES = new Set(['DF102', 'DF103', 'DF109']);

/** How a finding is mended that has exactly one right answer: misspelt names, quotes, single dollar signs. */
export function editOf(finding: Finding, source: SourceText, environment: Environment): Edit | undefined {
  const { code, place, label, suggestion } = finding;
  const [from, to] = source.rangeOf(place);
  const region = source.text.slice(from, Math.max(from, to));
  const replaceFirst = (old: string, text: string, after = 0): Edit | undefined => {
    const at = region.indexOf(old, after);
    return at < 0 || old === '' ? undefined : { from: from + at, to: from + at + old.length, text };
  };
  if (NAMES.has(code) && label !== undefined && suggestion !== undefined) {
    const [name = ''] = label === label.trim() ? [suggestion] : suggestion.split('=');
    return replaceFirst(label, name);
  }
  if (code === 'DF105' && label !== undefined && suggestion !== undefined)
    return unquoted(region, label, suggestion, replaceFirst);
  if ((code === 'DF505' || code === 'DF506') && label !== undefined)
    return doubledDollars(region, from, environment);
  return undefined;
}

function unquoted(
  region: string,
  label: string,
  inner: string,
  replaceFirst: (old: string, text: string, after: number) => Edit | undefined,
): Edit | undefined {
  const after = region.indexOf(label) + label.length;
  return replaceFirst(`"${inner}"`, inner, after) ?? replaceFirst(`'${inner}'`, inner, after);
}

/** Doubles the dollar signs that begin no variable, or one without braces that is not set. */
function doubledDollars(region: string, from: number, environment: Environment): Edit | undefined {
  const text = region.replaceAll(/\$\$|\$\{[^}]*\}|\$([_a-zA-Z]\w*)?/g, (whole, name: string | undefined) => {
    if (whole === '$$' || whole.startsWith('${')) return whole;
    return name !== undefined && environment[name] !== undefined ? whole : `$${whole}`;
  });
  return text === region ? undefined : { from, to: from + region.length, text };
}
