import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { removeLeftovers, writeFileAtomic } from './atomic-file.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'atomic-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('missing directories are made and only the file is left', async () => {
  const file = path.join(directory, 'a/b/c.yml');
  await writeFileAtomic(file, 'one');
  await writeFileAtomic(file, 'two', { mode: 0o600 });
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.dirname(file))).toEqual(['c.yml']);
});

test('a write that cannot succeed leaves nothing behind', async () => {
  mkdirSync(path.join(directory, 'taken'));
  await expect(writeFileAtomic(path.join(directory, 'taken'), 'x')).rejects.toThrow();
  expect(readdirSync(directory)).toEqual(['taken']);
});

test('what writes of this file left behind is removed, and nothing else', async () => {
  const names = [
    '.state.json.0123456789ab.tmp',
    '.other.json.0123456789ab.tmp',
    '.state.json.tmp',
    'state.json',
  ];
  for (const name of names) writeFileSync(path.join(directory, name), '');
  await removeLeftovers(path.join(directory, 'state.json'));
  expect(readdirSync(directory).sort()).toEqual(names.slice(1).sort());
  await expect(removeLeftovers('/nowhere/state.json')).resolves.toBeUndefined();
});
