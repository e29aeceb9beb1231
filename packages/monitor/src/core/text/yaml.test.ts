import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CORE_SCHEMA, FAILSAFE_SCHEMA, load, YAML11_SCHEMA } from 'js-yaml';
import { PlainScalar, renderYaml } from './yaml.js';

test('writes mappings, lists and scalars in block style', () => {
  const text = renderYaml({
    global: { scrape_interval: '10s' },
    scrape_configs: [{ job_name: 'a', port: 80, nested: [{ x: [1, true, null] }, {}], none: undefined }],
    empty: {},
    list: [],
  });
  expect(text).toBe(`global:
  scrape_interval: 10s
scrape_configs:
- job_name: a
  port: 80
  nested:
  - x:
    - 1
    - true
    - null
  - {}
empty: {}
list: []
`);
});

test('an empty document is an empty mapping', () => expect(renderYaml({})).toBe('{}\n'));

test('scalars of users keep their form', () =>
  expect(renderYaml({ a: new PlainScalar('0777'), b: new PlainScalar('yes'), c: new PlainScalar('') })).toBe(
    'a: 0777\nb: yes\nc: null\n',
  ));

const TRICKY = [
  'yes',
  'NO',
  'on',
  'n',
  'null',
  '~',
  '1',
  '1.5',
  '1e3',
  '0x1F',
  '0o7',
  '1_000',
  '1:30',
  '2020-01-01',
  '=',
  '<<',
  '.5',
  '.inf',
  '-',
  '?',
  '',
  ' lead',
  'trail ',
  'a: b',
  'a #b',
  '# c',
  '{a',
  '[a',
  '*x',
  '&x',
  '!t',
  '%a',
  '@a',
  '`a',
  "it's",
  '"q"',
  'a\nb',
  'a\r\nb',
  '\t',
  '\u0000',
  '\u007f',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\uffff',
  '😀',
  '---',
  '...',
  '__proto__',
];

describe('every text is read back as it was, by each version of YAML', () => {
  const schemas = { failsafe: FAILSAFE_SCHEMA, core: CORE_SCHEMA, yaml11: YAML11_SCHEMA };

  test.each(TRICKY)('%j', (text) => {
    const value = { a: { key: text }, b: [text, [text]] };
    for (const schema of Object.values(schemas)) expect(load(renderYaml(value), { schema })).toEqual(value);
  });

  test('whatever it holds', () => {
    const texts = fc.oneof(
      fc.constantFrom(...TRICKY),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, texts, (key, text) => {
        const yaml = renderYaml({ top: [{ [key === '' ? 'k' : key]: text }, text] });
        for (const schema of Object.values(schemas)) {
          const [mapping, item] = (load(yaml, { schema }) as { top: [Record<string, string>, string] }).top;
          expect(item).toBe(text);
          expect(Object.entries(mapping)).toEqual([[key === '' ? 'k' : key, text]]);
        }
      }),
    );
  });
});

test('half of a surrogate pair, which no file can hold, becomes the replacement character', () =>
  expect(load(renderYaml({ a: 'x\ud800y' }))).toEqual({ a: 'x\ufffdy' }));
