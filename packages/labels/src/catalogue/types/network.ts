import { digitsPattern, matching } from './pattern.js';

const OCTET = digitsPattern({ max: 255, width: 3 });
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}(?:/${digitsPattern({ max: 32, width: 3 })})?`;
const IPV6_PREFIX = `(?:/${digitsPattern({ max: 128, width: 3 })})?`;
const IPV6 = `(?=[0-9A-Fa-f]*:[0-9A-Fa-f]*:)[0-9A-Fa-f:]{2,39}${IPV6_PREFIX}`;

/** An address, or a network such as `10.0.0.0/8`. */
export const network = matching({
  name: 'network',
  words: 'IP address or network such as `10.0.0.0/8`',
  pattern: `${IPV4}|${IPV6}`,
  problem: 'is not an address or a network',
  expected: 'an IP address or a network such as 10.0.0.0/8',
});

const HOST_NAME = '(?!\\S*\\.\\.)[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?';
const HOST_IPV6 = '\\[?(?=[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:)[0-9A-Fa-f:.]{2,45}\\]?';

/**
 * A host name or an address, brackets taken off; never one of HAProxy's other address families
 * (`unix@…`, `fd@…`).
 */
export const host = matching(
  {
    name: 'host',
    words: 'host name or IP address',
    pattern: `${HOST_NAME}|${HOST_IPV6}`,
    problem: 'is not a host',
    expected: 'a host name or an IP address',
    numbers: { type: 'number', minimum: 0 },
  },
  (text) => text.replace(/^\[|\]$/g, ''),
);

/** Letters of any language, and the accents that are signs of their own: what `toAscii` turns into `xn--…`. */
const LETTERS = '\\u00b7-\\u1fff\\u2c00-\\u2fef\\u3005-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufefe';
/** Dots of other scripts, which mean the same in a name (RFC 3490, 3.1). */
const DOTS = '\\u3002\\uff0e\\uff61';

/**
 * A domain to compare with, a leading asterisk meaning everything under it. Letters of any language are read as
 * browsers send them: `bücher.de` is `xn--bcher-kva.de`.
 */
export const domain = matching(
  {
    name: 'domain',
    words: 'domain, `*.` in front for all below it',
    pattern: `\\*?[A-Za-z0-9_.:[\\]${LETTERS}${DOTS}-]{1,255}`,
    problem: 'is not a domain',
    expected: 'a domain such as acme.com or *.acme.com',
    numbers: { type: 'number' },
  },
  toAscii,
);

const ANY_DOT = new RegExp(`[${DOTS}]`, 'g');
const WITH_LETTERS = new RegExp(`[A-Za-z0-9_${LETTERS}-]*[${LETTERS}][A-Za-z0-9_${LETTERS}-]*`, 'g');

/**
 * What is no name in any language stays as it is, and fits no request. The dot of the root says nothing where the end
 * of a name is compared.
 */
function toAscii(domain: string): string {
  const dotted = domain.replace(ANY_DOT, '.');
  const plain = dotted.startsWith('*') ? dotted.replace(/\.$/, '') : dotted;
  return plain.replace(WITH_LETTERS, (label) => {
    try {
      return new URL(`http://${label}.test`).hostname.replace(/\.test$/, '');
    } catch {
      return label;
    }
  });
}

/** A name, never an address: what TLS can ask for. */
export const serverName = matching({
  name: 'host name',
  words: 'host name',
  pattern: `(?=[0-9_.-]*[A-Za-z])(?!\\S*\\.\\.)[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?`,
  problem: 'is not a host name',
  expected: 'a host name such as api.acme.com',
});
