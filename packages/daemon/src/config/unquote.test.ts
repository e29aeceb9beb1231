import { expect, test } from '@jest/globals';
import { withoutQuotedValues } from './unquote.js';

test('variables in quotes are read without them and named, others stay as they are', () => {
  const environment = { A: '"true"', B: "'5'", C: 'it is "so"', D: '"not asked for"', E: undefined };
  expect(withoutQuotedValues(environment, ['A', 'B', 'C', 'E', 'F'])).toEqual({
    environment: { ...environment, A: 'true', B: '5' },
    warnings: [
      'A is in quotes and read without them; expected no quotes around the value',
      'B is in quotes and read without them; expected no quotes around the value',
    ],
  });
});
