import { parsed, quoteValue, unreadable, type Parsed } from '../../values/parsed.js';
import type { LabelType } from './label-type.js';

const LONGEST_NAME = 253;
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const PUNYCODE = new RegExp(`^(?:\\*\\.)?(?:${LABEL}\\.)+${LABEL}$`);
const EXPECTED = 'a domain name such as acme.com or *.acme.com';
/** ASCII that no name may hold; what is not ASCII is for IDNA to judge. */
// eslint-disable-next-line no-control-regex -- control characters are the point
const NO_NAME_SIGN = /[\u0000-\u002c\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]/;

/**
 * A name that a certificate can be for: in small letters, without the final dot, Unicode as `xn--`. `*` only as the
 * whole first label; no address, no port, at least one dot (RFC 1035, RFC 5891).
 */
export function readDomainName(text: string): Parsed<string> {
  const written = text.trim().replace(/\.$/, '');
  const isWildcard = written.startsWith('*.');
  const rest = isWildcard ? written.slice(2) : written;
  if (rest.includes('*')) return unreadable('has an asterisk that is not its whole first label', EXPECTED);
  if (NO_NAME_SIGN.test(rest)) return unreadable('is not a domain name', EXPECTED);
  const ascii = toAscii(rest);
  if (ascii === undefined) return unreadable('is not a domain name', EXPECTED);
  if (!ascii.includes('.')) return unreadable('has no dot: no authority certifies it', EXPECTED);
  if (/\.(?:[0-9]+|0x[0-9a-f]*)$/.test(ascii))
    return unreadable('is an address and not a domain name', EXPECTED);
  const name = isWildcard ? `*.${ascii}` : ascii;
  if (name.length > LONGEST_NAME) return unreadable(`is longer than ${LONGEST_NAME} characters`, EXPECTED);
  if (!PUNYCODE.test(name)) return unreadable('is not a domain name', EXPECTED);
  return parsed(name);
}

function toAscii(text: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- all of ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  try {
    return new URL(`http://${text}/`).hostname;
  } catch {
    return undefined;
  }
}

/** The items of a list of names as they are written, empty ones left out. No name holds a separator. */
export function splitNames(text: string, separators: readonly string[]): readonly string[] {
  let items: readonly string[] = [text];
  for (const separator of separators) items = items.flatMap((item) => item.split(separator));
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

/** A list of names for a certificate. One that is none costs only itself. */
export function certificateNames(separators: readonly string[]): LabelType<readonly string[]> {
  const signs = separators.length === 1 ? 'commas' : 'commas or semicolons';
  return {
    name: 'list of domain names',
    words: `list, separated by ${signs}: domain name, \`*.\` in front for all names one level below it`,
    // Which Unicode names there are is for IDNA to say, not for a pattern.
    schema: {},
    read(text) {
      const items = splitNames(text, separators).map((item) => ({ item, result: readDomainName(item) }));
      const names = items.flatMap(({ result }) => (result.ok ? [result.value] : []));
      const bad = items.find(({ result }) => !result.ok);
      if (!bad || bad.result.ok) return parsed(names);
      return {
        ...bad.result,
        problem:
          items.length > 1
            ? `has the item ${quoteValue(bad.item)}, which ${bad.result.problem}`
            : bad.result.problem,
        part: bad.item,
        instead: { value: names },
      };
    },
  };
}
