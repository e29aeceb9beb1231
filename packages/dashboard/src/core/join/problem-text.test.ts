import { expect, test } from '@jest/globals';
import { formatIssue } from '@docker-flow/labels';
import { readProblemText } from './problem-text.js';

test.each([
  ['8o', 'is not a port', 'a number; from 1 to 65535'],
  ['a"b\\', 'is "not" one', 'something'],
  ['<img src=x onerror=alert(1)>', 'is not a path', 'a path'],
])('the line about %j is taken apart into what it was made of', (value, problem, expected) => {
  const line = formatIssue({ service: 'web', label: 'port.1', value, problem, expected });
  expect(readProblemText(line)).toEqual({ label: 'port.1', value, text: problem, expected });
});

test('any other line is a text', () => {
  expect(readProblemText('HAProxy says no')).toEqual({ text: 'HAProxy says no' });
  expect(readProblemText('alertIf.2: bad')).toEqual({ text: 'alertIf.2: bad', label: 'alertIf.2' });
});
