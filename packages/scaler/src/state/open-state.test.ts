import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { openState, type OpenState } from './open-state.js';

const GROUP = { atMs: 1, firing: ['f1@1'], known: ['f1@1'], hidden: 0, peers: ['am'] };
const SERIES = [
  { atMs: 1, wanted: 2, running: 2 },
  { atMs: 9, wanted: 4, running: 3 },
];
const options = { limits: { count: 10, ageMs: 1_000_000 } };
const MINUTE_MS = 60_000;

const directories: string[] = [];
let file = '';
beforeEach(async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'scaler-state-'));
  directories.push(directory);
  file = path.join(directory, 'deep', 'state.json');
});
afterAll(() => Promise.all(directories.map((one) => rm(one, { recursive: true }))));

function open(): Promise<OpenState> {
  return openState({ ...options, file }, { logger: silentLogger(), now: () => Date.now() });
}

/** A run that scales a service and ends. */
async function scale(): Promise<OpenState['state']> {
  const { state, flush } = await open();
  state.remember('id', 'web', (memory) => ({
    ...memory,
    inForce: { replicas: 4, atMs: 1 },
    fileReplicas: 2,
  }));
  state.rememberGroup('group', GROUP);
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
  state.rememberSeries('web', SERIES);
  // However busy the disk is.
  await flush(120_000);
  return state;
}

async function setAge(ms: number): Promise<void> {
  const at = new Date(Date.now() - ms);
  await utimes(file, at, at);
}

test('what one run remembers, the next one knows, and only the owner may read it', async () => {
  const written = await scale();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { state } = await open();
  expect(state.snapshot()).toEqual(written.snapshot());
  expect(state.seriesOf('web')).toEqual(SERIES);
});

test('of a file that nobody has kept for an hour, as after a time on another node, only activities are used', async () => {
  await scale();
  await setAge(59 * MINUTE_MS);
  const soon = (await open()).state;
  await setAge(61 * MINUTE_MS);
  const late = (await open()).state;
  expect([soon.memories().length, late.memories().length]).toEqual([1, 0]);
  expect(late.activities()).toEqual(soon.activities());
});

test('a file of another version is kept aside', async () => {
  await scale();
  await writeFile(file, '{"version":2}');
  expect((await open()).state.activities()).toEqual([]);
  expect(await readFile(`${file}.broken`, 'utf8')).toBe('{"version":2}');
});

test('without a file everything is in memory', async () => {
  const { state, actors } = await openState(
    { ...options, file: undefined },
    { logger: silentLogger(), now: () => 0 },
  );
  state.rememberGroup('group', GROUP);
  expect([state.groupOf('group'), actors]).toEqual([GROUP, []]);
});
