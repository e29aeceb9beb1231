import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { removeLeftovers, removeLeftoversIn, writeFileAtomic } from './atomic-file.js';

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

test('what writes of a whole directory left behind is removed, on a shared one only what is old', async () => {
  const left = ['.a.json.0123456789ab.tmp', '.b.pem.ba9876543210.tmp'];
  const others = ['.a.json.tmp', '.0123456789ab.tmp', 'a.json', 'x.0123456789ab.tmp'];
  for (const name of [...left, ...others]) writeFileSync(path.join(directory, name), '');
  utimesSync(path.join(directory, left[0] ?? ''), 1, 1);
  await removeLeftoversIn(directory, { olderThanMs: 60_000 });
  expect(readdirSync(directory).sort()).toEqual([...left.slice(1), ...others].sort());
  await removeLeftoversIn(directory);
  expect(readdirSync(directory).sort()).toEqual(others.sort());
  await expect(removeLeftoversIn('/nowhere')).resolves.toBeUndefined();
});
