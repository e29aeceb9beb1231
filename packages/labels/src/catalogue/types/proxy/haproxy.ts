import { parsed, unreadable } from '../../../values/parsed.js';
import type { LabelType } from '../label-type.js';
import { choice, choices } from '../choice.js';
import { listOfTexts } from '../list.js';
import { CONTROLS, anyCase, matching, readOneLine } from '../pattern.js';
import { text } from '../text.js';

/** Protocol the proxy speaks for a destination: http, bytes, or TLS routed by server name. */
export type RequestMode = 'http' | 'tcp' | 'sni';

export const requestMode: LabelType<RequestMode> = choice({
  name: 'mode',
  problem: 'is not a mode',
  choices: ['http', 'tcp', 'sni'],
  anyCase: true,
});

export const connectionMode: LabelType<string> = choice({
  name: 'connection mode',
  problem: 'is not a connection mode',
  choices: [
    'http-keep-alive',
    'http-server-close',
    'httpclose',
    'http-pretend-keepalive',
    'forceclose',
    'http-tunnel',
  ],
});

export const compressionAlgorithms = choices({
  name: 'compression algorithm',
  problem: 'is not a compression algorithm',
  choices: ['gzip', 'deflate', 'raw-deflate', 'identity'],
});

/** How a tcp group spreads its load. */
export const balanceAlgorithm = matching({
  name: 'balance algorithm',
  words:
    '`roundrobin`, `static-rr`, `leastconn`, `first`, `source`, `random`, `random(2)`, `rdp-cookie` or `rdp-cookie(name)`',
  pattern:
    'roundrobin|static-rr|leastconn|first|source|random(?:\\([0-9]{1,3}\\))?|rdp-cookie(?:\\([A-Za-z0-9_-]{1,64}\\))?',
  problem: 'is not a balance algorithm',
  expected: 'roundrobin, static-rr, leastconn, first, source, random or rdp-cookie',
});

/** The rest of HAProxy rules about headers: expressions and conditions included. */
export const headerRules: LabelType<readonly string[]> = {
  ...listOfTexts('header rules', '`name value`, as HAProxy wants it'),
  raw: true,
};

/** The same for headers that are taken away. */
export const headerRemovals: LabelType<readonly string[]> = {
  ...listOfTexts('header names', 'name of a header, as HAProxy wants it'),
  raw: true,
};

const SECTION_KEYWORDS = [
  'backend',
  'cache',
  'crt-store',
  'crt-list',
  'defaults',
  'dynamic-update',
  'fcgi-app',
  'frontend',
  'global',
  'http-errors',
  'listen',
  'log-forward',
  'log-profile',
  'log-steps',
  'mailers',
  'peers',
  'program',
  'resolvers',
  'ring',
  'traces',
  'userlist',
  'acme',
];

/** HAProxy takes quotes and escapes away before it looks: bac'kend' and b\x61ckend are section keywords, too. */
const DISGUISED = `[^\\s#]*["'\\\\$]`;
const SECTION = `(?:${SECTION_KEYWORDS.map(anyCase).join('|')})(?![^\\s#])`;
const BEGINS_SECTION = `\\.|${DISGUISED}|${SECTION}`;

const section = new RegExp(`^(?:${BEGINS_SECTION})`);

/**
 * One raw line of configuration. It may say anything inside its section but cannot begin another one:
 * HAProxy takes a section keyword for what it is however far it is indented.
 */
export const rawLine: LabelType<string> = {
  ...text,
  name: 'raw line',
  words: 'one line of HAProxy configuration',
  schema: { ...text.schema, pattern: `(?!\\s|${BEGINS_SECTION})[^${CONTROLS}]+` },
  raw: true,
  read(value) {
    const line = readOneLine(value);
    if (!line.ok) return line;
    return section.test(value.trim())
      ? unreadable('begins another section', 'a line that belongs into a backend')
      : parsed(value);
  },
};
