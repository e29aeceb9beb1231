import { expect, test } from '@jest/globals';
import { fillIn, labelsOf, readStackFile } from './stack-file.js';

test.each([
  ['${A}', { A: 'x' }, 'x'],
  ['${A:-d}', {}, 'd'],
  ['${A:-d}', { A: '' }, 'd'],
  ['${A-d}', { A: '' }, ''],
  ['${A:-}', {}, ''],
  ['a $$1', {}, 'a $1'],
])('%s with %j is %j', (text, variables, filled) => expect(fillIn(text, variables)).toBe(filled));

test('a variable that must be set stops the reading with its message', () => {
  expect(() => fillIn('${A:?is not set}', {})).toThrow('A is not set');
});

test('labels keep everything behind the first equals sign', () => {
  const text =
    'services:\n  a:\n    image: x\n    deploy:\n      labels:\n        - com.df.alertIf=a{b="c"} > 1';
  expect(labelsOf(readStackFile(text).services['a']!)).toEqual({ 'com.df.alertIf': 'a{b="c"} > 1' });
});

test('merge keys are resolved', () => {
  const text = 'x-base: &base\n  image: x\nservices:\n  a:\n    <<: *base\n    ports: []';
  expect(readStackFile(text).services['a']).toEqual({ image: 'x', ports: [] });
});
