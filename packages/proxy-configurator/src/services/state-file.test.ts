import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createStateFile } from './state-file.js';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'state-file-'));
  file = path.join(directory, 'services.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('what was saved is there in the next life, for its owner only', async () => {
  const state = createStateFile(file, silentLogger());
  state.save(() => [{ parameters: { serviceName: 'never' }, isListed: false }]);
  state.save(() => [{ parameters: { serviceName: 'web', users: 'me:secret' }, isListed: true }]);
  await state.flush();
  expect(await createStateFile(file, silentLogger()).load()).toEqual([
    { parameters: { serviceName: 'web', users: 'me:secret' }, isListed: true },
  ]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('the same services are not written again', async () => {
  const state = createStateFile(file, silentLogger());
  state.save(() => [{ parameters: { serviceName: 'web' }, isListed: false }]);
  await state.flush();
  const { ino } = await stat(file);
  state.save(() => [{ parameters: { serviceName: 'web' }, isListed: false }]);
  await state.flush();
  expect((await stat(file)).ino).toBe(ino);
});

test.each(['', '{', '"text"', '{"a":1}', '[{"serviceName":"web"}]'])(
  'a file that holds %j is as good as none',
  async (content) => {
    await writeFile(file, content);
    expect(await createStateFile(file, silentLogger()).load()).toEqual([]);
  },
);

test('no file is no services, and a folder that is not there no failure', async () => {
  const state = createStateFile(path.join(directory, 'no', 'folder'), silentLogger());
  expect(await state.load()).toEqual([]);
  state.save(() => []);
  await expect(state.flush()).resolves.toBeUndefined();
});

test('flushing without anything to write writes nothing', async () => {
  await createStateFile(file, silentLogger()).flush();
  await expect(readFile(file)).rejects.toThrow('ENOENT');
});
