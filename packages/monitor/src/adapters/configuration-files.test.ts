import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createConfigurationFiles } from './configuration-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (file: string) => path.join(folder, file);
const open = () =>
  createConfigurationFiles(
    {
      config: at('etc/prometheus.yml'),
      rules: at('etc/alert.rules'),
      targetDirectory: at('etc/file_sd'),
      targetList: at('etc/written.json'),
    },
    silentLogger(),
  );

test('files are written, readable for all, and nothing temporary stays', async () => {
  const files = await open();
  await files.write({ config: 'c', rules: 'r', targets: new Map([['a', '[]']]) });
  expect(readdirSync(at('etc')).sort()).toEqual(['alert.rules', 'file_sd', 'prometheus.yml', 'written.json']);
  expect(readFileSync(at('etc/file_sd/a.json'), 'utf8')).toBe('[]');
  expect(statSync(at('etc/prometheus.yml')).mode & 0o777).toBe(0o644);
  expect(statSync(at('etc/file_sd')).mode & 0o777).toBe(0o755);
});

test('a configuration with passwords is nobody else’s to read, from its first moment on', async () => {
  const files = await open();
  const modeOf = () => statSync(at('etc/prometheus.yml')).mode & 0o777;
  await files.write({ config: 'password', isSecret: true, rules: undefined, targets: new Map() });
  expect(modeOf()).toBe(0o600);
  await files.write({ config: 'none', rules: undefined, targets: new Map() });
  expect(modeOf()).toBe(0o644);
});

test('only what differs is written again', async () => {
  const files = await open();
  await files.write({
    config: 'c',
    rules: 'r',
    targets: new Map([
      ['a', '1'],
      ['b', '1'],
    ]),
  });
  const inodes = () =>
    ['prometheus.yml', 'alert.rules', 'file_sd/a.json', 'file_sd/b.json'].map(
      (file) => statSync(at(`etc/${file}`)).ino,
    );
  const before = inodes();
  await files.write({
    config: 'c',
    rules: 'r2',
    targets: new Map([
      ['a', '1'],
      ['b', '2'],
    ]),
  });
  expect(inodes().map((inode, i) => inode === before[i])).toEqual([true, false, true, false]);
});

test('stale target files and rules go, files of others stay', async () => {
  mkdirSync(at('etc/file_sd'), { recursive: true });
  writeFileSync(at('etc/file_sd/mine.json'), 'mine');
  const files = await open();
  await files.write({ config: 'c', rules: 'r', targets: new Map([['a', '1']]) });
  await files.write({ config: 'c', rules: undefined, targets: new Map() });
  expect(readdirSync(at('etc/file_sd'))).toEqual(['mine.json']);
  expect(existsSync(at('etc/alert.rules'))).toBe(false);
});

test('target files from before a restart are still ours', async () => {
  await (
    await open()
  ).write({
    config: 'c',
    rules: undefined,
    targets: new Map([
      ['a', '1'],
      ['b', '1'],
    ]),
  });
  await (await open()).write({ config: 'c', rules: undefined, targets: new Map([['b', '1']]) });
  expect(readdirSync(at('etc/file_sd'))).toEqual(['b.json']);
});

test('a list that was tampered with deletes nothing outside its directory', async () => {
  mkdirSync(at('etc'), { recursive: true });
  writeFileSync(at('etc/keep.json'), 'x');
  writeFileSync(at('etc/written.json'), '["../keep", 3]');
  await (await open()).write({ config: 'c', rules: undefined, targets: new Map() });
  expect(existsSync(at('etc/keep.json'))).toBe(true);
});

test('after a failed write everything is written again', async () => {
  const files = await open();
  await files.write({ config: 'c', rules: 'r', targets: new Map() });
  mkdirSync(at('etc/file_sd'), { recursive: true });
  rmSync(at('etc/file_sd'), { recursive: true });
  writeFileSync(at('etc/file_sd'), 'a file where the directory should be');
  await expect(files.write({ config: 'c2', rules: 'r', targets: new Map([['a', '1']]) })).rejects.toThrow();
  expect(files.placed()).toBeUndefined();
  expect(readFileSync(at('etc/prometheus.yml'), 'utf8')).toBe('c');
  rmSync(at('etc/file_sd'));
  await files.write({ config: 'c2', rules: 'r', targets: new Map([['a', '1']]) });
  expect(readFileSync(at('etc/prometheus.yml'), 'utf8')).toBe('c2');
});
