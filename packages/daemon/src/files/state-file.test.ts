import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod/v3';
import type { Logger } from '../log/logger.js';
import { silentLogger } from '../log/logger.js';
import { createFakeClock, settled } from '../testing/fake-clock.js';
import type { writeFileAtomic } from './atomic-file.js';
import { createStateFile } from './state-file.js';

const schema = z.object({ version: z.literal(1), names: z.array(z.string()) });
type State = z.infer<typeof schema>;

let directory: string;
let file: string;
const stops: AbortController[] = [];
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'state-file-'));
  file = path.join(directory, 'state.json');
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort();
  await rm(directory, { recursive: true, force: true });
});

const stateOf = (...names: string[]): State => ({ version: 1, names });

function recordingLogger() {
  const errors: [message: string, fields: object | undefined][] = [];
  const logger: Logger = {
    ...silentLogger(),
    error: (message, fields) => void errors.push([message, fields]),
  };
  return { logger, errors };
}

function stateFile(gather: () => State, options: Partial<Parameters<typeof createStateFile<State>>[0]> = {}) {
  return createStateFile({ file, schema, gather, logger: silentLogger(), ...options });
}

function start(state: { run(signal: AbortSignal): Promise<unknown> }): AbortController {
  const stop = new AbortController();
  stops.push(stop);
  void state.run(stop.signal);
  return stop;
}

test('what is written is what the next run reads, and only its owner may read it', async () => {
  const first = stateFile(() => stateOf('web', '😀\n'), { file: path.join(directory, 'deep', 'state.json') });
  expect(await first.load()).toBeUndefined();
  first.changed();
  await first.flush(120_000);
  const loaded = await first.load();
  expect(loaded?.state).toEqual(stateOf('web', '😀\n'));
  const { mode, mtimeMs } = await stat(path.join(directory, 'deep', 'state.json'));
  expect([mode & 0o777, loaded?.keptUntilMs]).toEqual([0o600, mtimeMs]);
});

test('changes within the time to gather are one write, and the last one is in the file', async () => {
  const clock = createFakeClock();
  const texts: string[] = [];
  const names: string[] = [];
  const state = stateFile(() => stateOf(...names), {
    clock,
    gatherMs: 50,
    write: (_file, text) => Promise.resolve(void texts.push(String(text))),
  });
  start(state);
  for (const name of ['a', 'b', 'c']) {
    names.push(name);
    state.changed();
    await clock.advance(10);
  }
  expect(texts).toEqual([]);
  await clock.advance(30);
  expect(texts).toEqual([JSON.stringify(stateOf('a', 'b', 'c'))]);
  // The same once more is not written.
  state.changed();
  await clock.advance(50);
  expect(texts).toHaveLength(1);
});

test('flushing writes at once, and nothing when nothing has changed', async () => {
  const state = stateFile(() => stateOf('a'));
  await state.flush(120_000);
  expect(await readdir(directory)).toEqual([]);
  state.changed();
  await state.flush(120_000);
  const { ino } = await stat(file);
  state.changed();
  await state.flush(120_000);
  expect((await stat(file)).ino).toBe(ino);
});

test.each([
  ['', /JSON/],
  ['{"version":1', /JSON/],
  ['[]', /^Expected object, received array$/],
  ['{"version":2,"names":[]}', /^version: Invalid literal value, expected 1$/],
  ['{"version":1,"names":["a",1]}', /^names\.1: Expected string, received number$/],
])('a file with content that is not understood is told and kept aside: %j', async (content, reason) => {
  await writeFile(file, content);
  const { logger, errors } = recordingLogger();
  expect(await stateFile(() => stateOf(), { logger }).load()).toBeUndefined();
  expect(errors).toEqual([
    [
      'The state file is broken, starting without',
      { file, keptAs: `${file}.broken`, reason: expect.stringMatching(reason) as unknown },
    ],
  ]);
  expect(await readdir(directory)).toEqual(['state.json.broken']);
  expect(await readFile(`${file}.broken`, 'utf8')).toBe(content);
});

test('a file that cannot be read is told and stays', async () => {
  const { logger, errors } = recordingLogger();
  expect(await stateFile(() => stateOf(), { file: directory, logger }).load()).toBeUndefined();
  expect(errors.map(([message]) => message)).toEqual(['The state file cannot be read, starting without']);
  expect(await readdir(directory)).toEqual([]);
});

test('a file that cannot be written is told, stops nobody and is tried again', async () => {
  const clock = createFakeClock();
  const { logger, errors } = recordingLogger();
  const texts: string[] = [];
  let isFull = true;
  const write: typeof writeFileAtomic = (_file, text) => {
    if (isFull) return Promise.reject(new Error('no space left'));
    texts.push(String(text));
    return Promise.resolve();
  };
  const state = stateFile(() => stateOf('a'), { clock, logger, write });
  start(state);
  state.changed();
  await clock.advance(1_000);
  expect(errors).toEqual([['The state file cannot be written', { file, reason: 'no space left' }]]);
  isFull = false;
  await clock.advance(31_000);
  expect(texts).toEqual([JSON.stringify(stateOf('a'))]);
  expect(errors).toHaveLength(1);
});

test('however slow the disk is, writes follow one another, and a flush waits for the last one', async () => {
  const clock = createFakeClock();
  const ends: (() => void)[] = [];
  const texts: string[] = [];
  let count = 0;
  const state = stateFile(() => stateOf(String((count += 1))), {
    clock,
    write: async (_file, text) => {
      await new Promise<void>((resolve) => ends.push(resolve));
      texts.push(String(text));
    },
  });
  start(state);
  state.changed();
  await clock.advance(1_000);
  state.changed();
  let flushed = false;
  const flushing = state.flush(10_000).then(() => (flushed = true));
  await settled();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await settled();
  expect([ends.length, flushed]).toEqual([2, false]);
  ends[1]?.();
  await flushing;
  expect(texts).toEqual([JSON.stringify(stateOf('1')), JSON.stringify(stateOf('2'))]);
});

test('a disk that hangs keeps neither the actor nor the program from ending', async () => {
  const clock = createFakeClock();
  const state = stateFile(() => stateOf('a'), { clock, write: () => new Promise(() => undefined) });
  const stop = new AbortController();
  const running = state.run(stop.signal);
  state.changed();
  await clock.advance(1_000);
  stop.abort();
  await running;
  const flushing = state.flush(500);
  await clock.advance(500);
  await expect(flushing).resolves.toBeUndefined();
});

test('the time of the file says until when it was kept up to date', async () => {
  const clock = createFakeClock();
  await writeFile(file, '');
  const state = stateFile(() => stateOf('a'), { clock });
  const longAgo = new Date('2020-01-01');
  await utimes(file, longAgo, longAgo);
  start(state);
  await clock.advance(59_999);
  expect((await stat(file)).mtime).toEqual(longAgo);
  await clock.advance(1);
  while ((await stat(file)).mtimeMs === longAgo.getTime()) await settled();
  expect(Date.now() - (await stat(file)).mtimeMs).toBeLessThan(60_000);
});

test('a file that cannot be kept aside is told', async () => {
  await writeFile(file, 'garbage');
  const { logger, errors } = recordingLogger();
  // A folder that is in the way.
  await mkdir(`${file}.broken/x`, { recursive: true });
  expect(await stateFile(() => stateOf(), { logger }).load()).toBeUndefined();
  expect(errors.map(([message]) => message)).toEqual([
    'The state file is broken, starting without',
    'The broken state file cannot be kept aside',
  ]);
});
