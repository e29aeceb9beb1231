import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withSecrets } from './secrets.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('a variable is read from the file that <NAME>_FILE names', () => {
  const file = path.join(directory, 'any');
  writeFileSync(file, 's3cret\n');
  expect(withSecrets({ TOKEN_FILE: file }, { names: ['TOKEN'], directory })['TOKEN']).toBe('s3cret');
});

test('a Swarm secret of the same name in small letters is used without any variable', () => {
  writeFileSync(path.join(directory, 'token'), 'from-swarm');
  expect(withSecrets({}, { names: ['TOKEN'], directory })['TOKEN']).toBe('from-swarm');
  expect(withSecrets({ TOKEN: 'own' }, { names: ['TOKEN'], directory })['TOKEN']).toBe('own');
});

test('a file that is missing, and a variable that is given twice, are problems', () => {
  expect(() =>
    withSecrets({ TOKEN_FILE: path.join(directory, 'none') }, { names: ['TOKEN'], directory }),
  ).toThrow('TOKEN_FILE');
  expect(() =>
    withSecrets({ TOKEN: 'a', TOKEN_FILE: path.join(directory, 'none') }, { names: ['TOKEN'], directory }),
  ).toThrow('both set');
});

test('an empty file of a variable that protects something is a problem, an empty variable is none', () => {
  const rules = { names: ['TOKEN'], protecting: ['TOKEN'], directory };
  expect(withSecrets({ TOKEN: '' }, rules)['TOKEN']).toBe('');
  writeFileSync(path.join(directory, 'token'), ' \n');
  for (const environment of [{}, { TOKEN: '' }, { TOKEN_FILE: path.join(directory, 'token') }])
    expect(() => withSecrets(environment, rules)).toThrow(/TOKEN: .* is empty/);
  expect(withSecrets({}, { ...rules, protecting: [] })['TOKEN']).toBe('');
});
