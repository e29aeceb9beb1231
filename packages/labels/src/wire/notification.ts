/**
 * The one wire contract between swarm-listener and its receivers: parameters in a query string.
 * Encoded and decoded here and nowhere else.
 */

import { byText } from '../values/order.js';

/** Parameters by name, decoded. What a notification or a row of `get-services` says of one service. */
export type Parameters = Readonly<Record<string, string>>;

/** One `name=value` of a query, decoded, in the order of the text. */
export type QueryPair = readonly [name: string, value: string];

const utf8 = new TextEncoder();
const PLAIN = /^[A-Za-z0-9\-_.~]$/;

/**
 * Encodes as the original does (Go's `url.QueryEscape`): letters, digits and `-_.~` stay, space
 * becomes `+`, every other byte of the UTF-8 form `%XX`. JavaScript's own encoders differ.
 */
export function encodeQueryText(text: string): string {
  if (/^[A-Za-z0-9\-_.~]*$/.test(text)) return text;
  let out = '';
  for (const char of text) {
    if (PLAIN.test(char)) out += char;
    else if (char === ' ') out += '+';
    else for (const byte of utf8.encode(char)) out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** The inverse of {@link encodeQueryText}; broken escapes are kept as they are written. */
export function decodeQueryText(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** `name=value` joined by `&`, sorted by name; pairs of one name keep their order. */
export function encodePairs(pairs: readonly QueryPair[]): string {
  return [...pairs]
    .sort(byText(([name]) => name))
    .map(([name, value]) => `${encodeQueryText(name)}=${encodeQueryText(value)}`)
    .join('&');
}

/** The query string of one notification, without `?`. Same parameters, same bytes. */
export function encodeParameters(parameters: Parameters): string {
  return encodePairs(Object.entries(parameters));
}

/** All pairs of a query string (without `?`), in its order. A piece without `=` has an empty value. */
export function decodeQuery(query: string): readonly QueryPair[] {
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const equals = piece.indexOf('=');
      return equals < 0
        ? [decodeQueryText(piece), '']
        : [decodeQueryText(piece.slice(0, equals)), decodeQueryText(piece.slice(equals + 1))];
    });
}

/** Of repeated names the first value counts. */
export function firstValues(pairs: readonly QueryPair[]): Parameters {
  const result: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of pairs) if (!(name in result)) result[name] = value;
  return result;
}

/** Of repeated names the last value counts. */
export function lastValues(pairs: readonly QueryPair[]): Parameters {
  const result: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of pairs) result[name] = value;
  return result;
}

/**
 * The address of one notification: the receiver's own query first (decoded, sorted, encoded again),
 * then the parameters. A fragment is dropped. A name in both appears twice, the configured one first.
 *
 * @throws {TypeError} when `receiver` is not an absolute URL
 */
export function notificationUrl(receiver: string, parameters: Parameters): string {
  const url = new URL(receiver);
  const own = encodePairs(decodeQuery(url.search.slice(1)));
  const sent = encodeParameters(parameters);
  url.hash = '';
  url.search = '';
  return `${url.toString()}${own === '' && sent === '' ? '' : '?'}${[own, sent].filter((part) => part !== '').join('&')}`;
}

/**
 * Reads an answer of `get-services` or `get-nodes`: an array of flat objects with text values.
 * Numbers and booleans count as their text, rows that are no objects are skipped, nested values are left out.
 * `undefined` when the body is no array at all.
 */
export function readRows(body: unknown): readonly Parameters[] | undefined {
  if (!Array.isArray(body)) return undefined;
  return body.flatMap((row: unknown) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return [];
    const result: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === 'string') result[name] = value;
      else if (typeof value === 'number' || typeof value === 'boolean') result[name] = String(value);
    }
    return [result];
  });
}
