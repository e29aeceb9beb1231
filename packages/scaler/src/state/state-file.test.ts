import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createState, type StateSnapshot } from './state.js';
import { until } from '../testing/until.js';
import { createStateFile, loadState } from './state-file.js';

const limits = { count: 10, ageMs: 1_000_000 };

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((one) => rm(one, { recursive: true }))));

async function directory(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'scaler-state-'));
  directories.push(made);
  return made;
}

function scaled(): StateSnapshot {
  const state = createState({ limits, groupWindowMs: 5_000 });
  state.remember('id', 'web', (memory) => ({
    ...memory,
    inForce: { replicas: 4, atMs: 1 },
    fileReplicas: 2,
  }));
  state.rememberGroup('group', 1);
  state.addActivity({
    atMs: 1,
    service: 'web',
    outcome: 'scaled',
    asker: 'a',
    request: 'scale up',
    message: 'm',
    explanation: 'e',
    from: 2,
    to: 4,
  });
  return state.snapshot();
}

test('what is written is read again, and only the owner may read it', async () => {
  const file = path.join(await directory(), 'deep', 'state.json');
  const written = scaled();
  const stateFile = createStateFile(file, () => written, silentLogger());
  stateFile.changed();
  await stateFile.flush();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await expect(loadState(file, silentLogger())).resolves.toMatchObject(written);
});

test('many changes at once are few writes, and the last one is in the file', async () => {
  const file = path.join(await directory(), 'state.json');
  let writes = 0;
  const stateFile = createStateFile(
    file,
    () => ({ services: [], groups: [[`group ${(writes += 1)}`, 1]], activities: [] }),
    silentLogger(),
  );
  for (let i = 0; i < 100; i += 1) stateFile.changed();
  await stateFile.flush();
  expect(writes).toBe(1);
  expect(await readFile(file, 'utf8')).toContain('group 1');
});

test('of a file that nobody has kept for an hour, as after a time on another node, only activities are used', async () => {
  const file = path.join(await directory(), 'state.json');
  const stateFile = createStateFile(file, scaled, silentLogger());
  stateFile.changed();
  await stateFile.flush();
  const { mtimeMs } = await stat(file);
  const soon = await loadState(file, silentLogger(), mtimeMs + 59 * 60_000);
  const late = await loadState(file, silentLogger(), mtimeMs + 61 * 60_000);
  expect([soon?.services.length, late?.services.length]).toEqual([1, 0]);
  expect(late?.activities).toEqual(soon?.activities);
});

test('no file is no state', async () => {
  await expect(
    loadState(path.join(await directory(), 'state.json'), silentLogger()),
  ).resolves.toBeUndefined();
});

test.each(['{"version":1', '{"version":2}', '[]'])('a broken file (%s) is set aside', async (content) => {
  const folder = await directory();
  const file = path.join(folder, 'state.json');
  await writeFile(file, content);
  await expect(loadState(file, silentLogger())).resolves.toBeUndefined();
  expect(await readdir(folder)).toEqual(['state.json.broken']);
});

test('a file that cannot be written keeps nobody from working', async () => {
  const lines: string[] = [];
  const logger = { ...silentLogger(), error: (message: string) => void lines.push(message) };
  const blocker = path.join(await directory(), 'a-file');
  await writeFile(blocker, '');
  const stateFile = createStateFile(path.join(blocker, 'state.json'), scaled, logger);
  stateFile.changed();
  await stateFile.flush();
  expect(lines).toEqual(['The state file cannot be written']);
});

test('however slow the disk is, writes follow one another, and a flush waits for the last one', async () => {
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  let count = 0;
  let isWriting = false;
  let overlaps = 0;
  const stateFile = createStateFile(
    'state.json',
    () => ({ services: [], groups: [[`group ${(count += 1)}`, 1]], activities: [] }),
    silentLogger(),
    async (_file, content) => {
      if (isWriting) overlaps += 1;
      isWriting = true;
      await new Promise<void>((resolve) => waiting.push(resolve));
      isWriting = false;
      written.push(/group [0-9]/.exec(String(content))?.[0] ?? '');
    },
  );
  const started = (writes: number) => until(() => waiting.length >= writes);
  stateFile.changed();
  await started(1);
  stateFile.changed();
  // Long enough for the second write to be due while the first is still going on.
  await new Promise((resolve) => setTimeout(resolve, 100));
  waiting[0]?.();
  await started(2);
  stateFile.changed();
  const flushed = stateFile.flush().then(() => written.length);
  waiting[1]?.();
  await started(3);
  waiting[2]?.();
  expect(await flushed).toBe(3);
  expect([written, overlaps]).toEqual([['group 1', 'group 2', 'group 3'], 0]);
});

test('a disk that hangs does not keep the program from ending', async () => {
  const never = () => new Promise<void>(() => undefined);
  const stateFile = createStateFile('state.json', scaled, silentLogger(), never);
  stateFile.changed();
  await expect(stateFile.flush(20)).resolves.toBeUndefined();
});
