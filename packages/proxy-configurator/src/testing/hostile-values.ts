import fc from 'fast-check';
import { PROXY_DESTINATION_LABELS, PROXY_SERVICE_LABELS, type Parameters } from '@docker-flow/labels';

/** A directive HAProxy does not know: it complains about it wherever it is taken for one. */
export const MARKER = 'df-escaped-directive';

const PIECES = [
  '\n',
  '\r\n',
  '\n    ',
  '\t',
  ' ',
  '#',
  "'",
  '"',
  '\\',
  '%',
  '%[env(PATH)]',
  '$HOME',
  '${PATH}',
  '{',
  '}',
  '||',
  'if',
  'unless',
  '-f',
  '/etc/passwd',
  '-m',
  'reg',
  '--',
  '(',
  ')',
  '[',
  ']',
  ',',
  ':',
  ';',
  '*',
  '.',
  '/',
  '/a',
  '/x y',
  '\u0000',
  '\u2028',
  'ü',
  '😀',
  '0',
  '80',
  '443',
  '-1',
  '99999',
  'true',
  'TRUE',
  'yes',
  'http',
  'tcp',
  'sni',
  'a.test',
  '*.b.test',
  'path_beg',
  'path_reg',
  'hdr(host)',
  'req.ssl_sni',
  'unix@/tmp/x',
  'backend',
  'global',
  'frontend x',
  'DNS',
  'sticky-server',
  'gzip',
  '301',
  MARKER,
  `\n${MARKER}`,
  `\n    ${MARKER} on\n`,
  `' ${MARKER}`,
  `" ${MARKER}`,
] as const;

/** Values that would leave their place in a file that is written without care. */
export const BREAKING_VALUES = [
  `a\n${MARKER}`,
  `a\r\n    ${MARKER} on`,
  `a\r${MARKER}`,
  `a\u0000${MARKER}`,
  `a\u2028${MARKER}`,
  `a ${MARKER}`,
  `a' ${MARKER} '`,
  `a" ${MARKER} "`,
  `a\\\n${MARKER}`,
  `a\\`,
  `a # ${MARKER}`,
  '%[env(PATH)]',
  '%[path,regsub(a,b)]',
  '${PATH}',
  '-f /etc/passwd',
  '-m reg .*',
  '{ always_true } || { always_false }',
  'if TRUE',
  'backend other',
  `bac'kend' ${MARKER}`,
  `b\\x61ckend ${MARKER}`,
  `ü😀${MARKER}`,
  `,${MARKER},,:;:`,
  '/'.repeat(5_000),
  'a'.repeat(20_000),
  'x '.repeat(3_000),
] as const;

export const hostileValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...PIECES) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 5 })
      .map((all) => all.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);

const INDEXED = PROXY_DESTINATION_LABELS.flatMap(({ name }) => [name, `${name}.1`, `${name}.2`]);
/** Every label but those that name the service and those that read files. */
export const FUZZED_LABELS = [...PROXY_SERVICE_LABELS.map(({ name }) => name), ...INDEXED].filter(
  (name) => !['serviceName', 'templateFePath', 'templateBePath', 'replicas', 'distribute'].includes(name),
);

/** A service that could be routed, with some labels replaced by hostile values. */
export function hostileService(name: string): fc.Arbitrary<Parameters> {
  return fc
    .dictionary(fc.constantFrom(...FUZZED_LABELS), hostileValue, {
      minKeys: 1,
      maxKeys: 6,
      noNullPrototype: true,
    })
    .map((labels) => ({ servicePath: `/${name}`, port: '8080', ...labels, serviceName: name }));
}
