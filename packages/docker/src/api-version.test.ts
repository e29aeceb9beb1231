import { expect, test } from '@jest/globals';
import { chooseApiVersion } from './api-version.js';

test.each([
  ['an old engine is spoken to in its own version', '1.41', '1.12', '1.41'],
  ['a newer one than we know in the newest we know', '1.99', '1.44', '1.51'],
  ['one whose oldest version is newer than ours in that one', '2.7', '1.60', '1.60'],
  ['one with a higher minimum, such as Docker 29, within its range', '1.52', '1.44', '1.51'],
  ['one that offers a single version in that one', '1.44', '1.44', '1.44'],
  ['one that says nothing of a minimum', '1.30', undefined, '1.30'],
  ['one whose minimum cannot be read', '1.30', 'old', '1.30'],
])('%s', (_what, ApiVersion, MinAPIVersion, wanted) =>
  expect(chooseApiVersion({ ApiVersion, MinAPIVersion })).toBe(wanted),
);

test.each([undefined, null, {}, [], 'text', { ApiVersion: 1.41 }, { ApiVersion: '../../x' }])(
  '%j says no version',
  (answer) => expect(chooseApiVersion(answer)).toBeUndefined(),
);
