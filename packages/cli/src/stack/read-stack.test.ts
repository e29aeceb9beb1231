import { describe, expect, test } from '@jest/globals';
import { readStack } from './read-stack.js';

function read(...texts: readonly string[]) {
  return readStack(
    texts.map((text, i) => ({ name: `f${i + 1}.yml`, bytes: Buffer.from(text) })),
    { name: 'shop', environment: { SET: 'x', EMPTY: '' } },
  );
}

function labelsIn(body: string): Record<string, string> {
  const { services } = read(`services:\n  web:\n    deploy:\n      labels:\n${body}`);
  return Object.fromEntries((services[0]?.labels ?? []).map(({ name, value }) => [name, value]));
}

test('both forms of labels say the same', () => {
  expect(labelsIn('        - a=1=2\n        - b\n')).toEqual({ a: '1=2', b: '' });
  expect(labelsIn('        a: "1=2"\n        b:\n')).toEqual({ a: '1=2', b: '' });
});

test.each([
  ['0777', '511'],
  ['2.0', '2'],
  ['1_000', '1000'],
  ['0x1F', '31'],
  ['1e6', '1e+06'],
  ['123456.7', '123456.7'],
  ['0.00001', '1e-05'],
  ['18446744073709551616', '1.8446744073709552e+19'],
  ['2001-1-2', '2001-01-02 00:00:00 +0000 UTC'],
  ['!!str 0777', '0777'],
  ['!!int "0777"', '511'],
  ['~', ''],
  ['yes', 'yes'],
  ['"0777"', '0777'],
])('the mapping form makes a text of %s: %j', (written, text) => {
  expect(labelsIn(`        a: ${written}\n`)).toEqual({ a: text });
});

test.each([
  ['$SET ${SET} $$SET', 'x x $SET'],
  ['${NONE:-d}${EMPTY:-e}${EMPTY-f}', 'de'],
  ['${NONE-a}b}', 'ab}'],
  // Operators count without braces, too, and in the order in which Docker looks for them.
  ['$SET-api', 'x'],
  ['$NONE-x y', 'x y'],
  ['${NONE-x:-y}', 'y'],
  ['${NONE:?a-b}', 'b'],
])('variables are filled in: %s', (written, text) => {
  expect(labelsIn(`        - a=${written}\n`)).toEqual({ a: text });
});

test('what comes by merge keys and anchors keeps the place where it is written; the nearer wins', () => {
  const { services } = read(`x-a: &a
  one: "1"
  two: "1"
x-b: &b {two: "2", three: "3"}
services:
  web:
    deploy:
      labels:
        <<: [*a, *b]
        one: "0"
`);
  const labels = services[0]?.labels.map(({ name, value, place }) => [name, value, place.line]);
  expect(labels).toEqual([
    ['one', '0', 10],
    ['two', '1', 3],
    ['three', '3', 4],
  ]);
});

test('of several files the later wins, label by label', () => {
  const { services } = read(
    'services:\n  web:\n    image: a\n    deploy:\n      replicas: 2\n      labels: [a=1, b=1]\n',
    'services:\n  web:\n    deploy:\n      labels: {b: "2"}\n',
  );
  expect(services[0]).toMatchObject({ image: 'a', replicas: { value: '2' } });
  expect(services[0]?.labels.map(({ name, value, place }) => [name, value, place.file])).toEqual([
    ['a', '1', 'f1.yml'],
    ['b', '2', 'f2.yml'],
  ]);
});

describe('what Docker would refuse is told with its line:', () => {
  test.each([
    ['a colon in a list', '        - a: 1\n', 'DF002', 5],
    ['a boolean', '        a: true\n', 'DF002', 5],
    ['a number as an item', '        - 5\n', 'DF002', 5],
    ['an empty item', '        -\n', 'DF002', 5],
    ['two equal items', '        - a=1\n        - a=1\n', 'DF002', 6],
    ['a dollar sign that begins nothing', '        - a=x$1\n', 'DF505', 5],
    ['a variable that is demanded', '        - a=${X:?give it}\n', 'DF508', 5],
    ['a single dollar sign beside labels', '        - a=1\n    command: echo $1\n', 'DF505', 6],
    ['a variable demanded beside labels', '        - a=1\n    image: x:${TAG?}\n', 'DF508', 6],
    ['a key twice', '        a: "1"\n        a: "2"\n', 'DF001', 6],
  ])('%s', (_, body, code, line) => {
    const { problems } = read(`services:\n  web:\n    deploy:\n      labels:\n${body}`);
    expect(problems.map((problem) => [problem.code, problem.place.line])).toEqual([[code, line]]);
  });
});

test('aliases that grow without end are refused, an anchor that many services share is not', () => {
  const layers = Array.from({ length: 9 }, (_, i) => {
    const inner = i === 0 ? '"x"' : `*l${i - 1}`;
    return `x-${i}: &l${i} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
  });
  expect(read(`${layers.join('\n')}\nservices: {}\n`).problems.map(({ code }) => code)).toEqual(['DF004']);
  const services = Array.from({ length: 300 }, (_, i) => `  s${i}:\n    <<: *d\n`).join('');
  expect(read(`x-d: &d {image: x}\nservices:\n${services}`)).toMatchObject({ problems: [] });
});

test.each([
  ['', 'DF002'],
  ['services: [a]\n', 'DF002'],
  ['\tservices:\n', 'DF001'],
  ['a: &a [*a]\n', 'DF001'],
  ['services:\n  web:\n    deply: {labels: [a=1]}\n', 'DF002'],
  ['servces:\n  web: {image: x}\n', 'DF002'],
  ['services:\n  web: image\n', 'DF002'],
  ['services:\n  web: {deploy: []}\n', 'DF002'],
  ['services:\n  web: {deploy: {labels: }}\n', 'DF002'],
])('%j is no stack', (text, code) => {
  expect(read(text).problems.map((problem) => problem.code)).toEqual([code]);
});

test('a variable in a list item is filled in before the item is cut, and keys are left alone', () => {
  expect(labelsIn('        - $SET=1\n')).toEqual({ x: '1' });
  expect(labelsIn('        $SET: "1"\n')).toEqual({ $SET: '1' });
});

test('labels under a misspelt key are read as they were meant', () => {
  const { services, problems } = read('services:\n  web:\n    deploy:\n      lables: [a=1]\n');
  expect(services[0]?.labels.map(({ name }) => name)).toEqual(['a']);
  expect(problems).toMatchObject([{ code: 'DF002', suggestion: 'labels', service: 'web' }]);
});
