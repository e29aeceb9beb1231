import { parsed, unreadable, type Parsed } from '../parsed.js';
import type { RateLimit } from './proxy-service.js';

// eslint-disable-next-line no-control-regex -- these are the characters that could end a line
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
const NAME = /^[A-Za-z0-9_.:-]{1,200}$/;
const HOST_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/;
const IPV6 = /^\[?[0-9A-Fa-f:.]{2,45}\]?$/;
const HEADER_NAME = /^[A-Za-z0-9_.!&*+^~-]{1,200}$/;
const METHOD = /^[A-Za-z][A-Za-z0-9_-]{0,30}$/;
const DOMAIN_VALUE = /^\*?[A-Za-z0-9_.:[\]-]{1,255}$/;

/** Text that stays on one line. */
export function readOneLine(text: string): Parsed<string> {
  return CONTROL.test(text)
    ? unreadable('holds a line break or another control character', 'text on one line')
    : parsed(text);
}

/** A name that HAProxy takes for a section, server or cookie. */
export function readName(text: string): Parsed<string> {
  return NAME.test(text)
    ? parsed(text)
    : unreadable('is no name', 'letters, digits and _ . : - (at most 200)');
}

/** A host name or an address; never one of HAProxy's other address families (`unix@…`, `fd@…`). */
export function readHost(text: string): Parsed<string> {
  if (HOST_NAME.test(text) && !text.includes('..')) return parsed(text);
  if (text.includes(':') && IPV6.test(text) && (text.match(/:/g)?.length ?? 0) >= 2) {
    return parsed(text.replace(/^\[|\]$/g, ''));
  }
  return unreadable('is no host', 'a host name or an IP address');
}

/** A domain to compare with, a leading asterisk meaning everything under it. */
export function readDomain(text: string): Parsed<string> {
  return DOMAIN_VALUE.test(text)
    ? parsed(text)
    : unreadable('is no domain', 'a domain such as acme.com or *.acme.com');
}

export function readHeaderName(text: string): Parsed<string> {
  return HEADER_NAME.test(text)
    ? parsed(text)
    : unreadable('is no header name', 'letters, digits and - _ . in the name');
}

export function readMethod(text: string): Parsed<string> {
  return METHOD.test(text) ? parsed(text) : unreadable('is no http method', 'a method such as GET');
}

/** An address, or a network such as `10.0.0.0/8`. */
export function readNetwork(text: string): Parsed<string> {
  const [address = '', prefix, ...rest] = text.split('/');
  const isFour =
    /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(address) && address.split('.').every((one) => Number(one) < 256);
  const isSix = /^[0-9A-Fa-f:]{2,39}$/.test(address) && (address.match(/:/g)?.length ?? 0) >= 2;
  const longest = isFour ? 32 : 128;
  const fits = prefix === undefined || (/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= longest);
  return (isFour || isSix) && fits && rest.length === 0
    ? parsed(text)
    : unreadable('is no address or network', 'an IP address or a network such as 10.0.0.0/8');
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const MAX_PERIOD_SECONDS = 86_400;

/** `100/10s`: so many in so long. */
export function readRateLimit(text: string): Parsed<RateLimit> {
  const [, count = '', amount = '', unit = ''] = /^([0-9]{1,7})\/([0-9]{0,5})([smh])$/.exec(text) ?? [];
  const limit = {
    count: Number(count),
    periodSeconds: (amount === '' ? 1 : Number(amount)) * (UNIT_SECONDS[unit] ?? 0),
  };
  return limit.count > 0 && limit.periodSeconds > 0 && limit.periodSeconds <= MAX_PERIOD_SECONDS
    ? parsed(limit)
    : unreadable('is no rate', 'a count and a time of at most a day, such as 100/10s or 1000/m');
}

const REDIRECT_CODES = new Set(['301', '302', '303', '307', '308']);

export function readRedirectCode(text: string): Parsed<number> {
  return REDIRECT_CODES.has(text)
    ? parsed(Number(text))
    : unreadable('is no status of a redirect', '301, 302, 303, 307 or 308');
}

/** The largest time HAProxy can hold, in seconds. */
const MAX_SECONDS = 2_147_483;

export function readSeconds(text: string): Parsed<number> {
  const value = Number(text);
  return /^[0-9]{1,7}$/.test(text) && value <= MAX_SECONDS
    ? parsed(value)
    : unreadable('is no number of seconds', `a whole number from 0 to ${MAX_SECONDS}`);
}

const BALANCE =
  /^(?:roundrobin|static-rr|leastconn|first|source|random(?:\([0-9]{1,3}\))?|rdp-cookie(?:\([A-Za-z0-9_-]{1,64}\))?)$/;

/** How a tcp group spreads its load. */
export function readBalance(text: string): Parsed<string> {
  return BALANCE.test(text)
    ? parsed(text)
    : unreadable('is no way to balance', 'roundrobin, static-rr, leastconn, first, source or random');
}

const SECTION_KEYWORD =
  /^(?:backend|cache|crt-store|crt-list|defaults|dynamic-update|fcgi-app|frontend|global|http-errors|listen|log-forward|log-profile|log-steps|mailers|peers|program|resolvers|ring|traces|userlist|acme)$/i;

/**
 * One raw line of configuration. It may say anything inside its section but cannot begin another one:
 * HAProxy takes a section keyword for what it is however far it is indented.
 */
export function readRawLine(text: string): Parsed<string> {
  const line = readOneLine(text);
  if (!line.ok) return line;
  const first = /^[^\s#]*/.exec(text.trim())?.[0] ?? '';
  // HAProxy takes quotes and escapes away before it looks: bac'kend' and b\x61ckend are section keywords, too.
  const isDisguised = /["'\\$]/.test(first);
  if (SECTION_KEYWORD.test(first) || first.startsWith('.') || isDisguised) {
    return unreadable('begins another section', 'a line that belongs into a backend');
  }
  return parsed(text);
}
