import { expect, test } from '@jest/globals';
import { parseEnvFile } from './env-file.js';

test('all forms of a line are read', () => {
  const text = [
    '# comment',
    '',
    'export AWS_ACCESS_KEY_ID=AKIA',
    'A=1 # comment',
    'B: yes',
    `C="a # b\\n\\"c\\\\"`,
    "D='single'",
    'E=',
    '  F = spaced  ',
    'G=a=b\r',
  ].join('\n');
  expect(parseEnvFile(text)).toEqual({
    AWS_ACCESS_KEY_ID: 'AKIA',
    A: '1',
    B: 'yes',
    C: 'a # b\n"c\\',
    D: 'single',
    E: '',
    F: 'spaced',
    G: 'a=b',
  });
});

test('a line that is no variable is named, its content is not', () => {
  expect(() => parseEnvFile('A=1\nsecret stuff')).toThrow('line 2 is no variable; expected KEY=value');
});
