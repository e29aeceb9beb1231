import { expect, test } from '@jest/globals';
import { withoutQuotedValues } from './unquote.js';

test('variables in quotes are read without them and named, others stay as they are', () => {
  const environment = {
    A: '"true"',
    B: "'5'",
    B_FILE: '"/run/secrets/b"',
    C: 'it is "so"',
    D: '"not asked for"',
    E: undefined,
    G: '"a" or "b"',
    H: '"',
    I: `"it's"`,
    J: '""',
  };
  expect(withoutQuotedValues(environment, ['A', 'B', 'C', 'E', 'F', 'G', 'H', 'I', 'J'])).toEqual({
    environment: { ...environment, A: 'true', B: '5', B_FILE: '/run/secrets/b', I: "it's", J: '' },
    warnings: ['A', 'B', 'B_FILE', 'I', 'J'].map(
      (name) => `${name} is in quotes and read without them; expected no quotes around the value`,
    ),
  });
});
