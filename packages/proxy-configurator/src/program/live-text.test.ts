import { expect, test } from '@jest/globals';
import { liveText } from './live-text.js';

function world(file: string | undefined, run: () => string | undefined) {
  let text = file;
  let runs = 0;
  const deps = {
    read: () => Promise.resolve(text),
    isLive: () => file !== undefined,
    run() {
      runs += 1;
      text = run();
      return text === undefined ? Promise.reject(new Error('no space left')) : Promise.resolve();
    },
  };
  return { deps, runs: () => runs };
}

test('what runs is shown without a run', async () => {
  const { deps, runs } = world('global', () => 'other');
  expect(await liveText(deps)).toBe('global');
  expect(runs()).toBe(0);
});

test('who asks before the first run has come to its end waits for it', async () => {
  const { deps } = world(undefined, () => 'first');
  expect(await liveText(deps)).toBe('first');
});

test('a configuration that cannot be written is none', async () => {
  const { deps } = world(undefined, () => undefined);
  expect(await liveText(deps)).toBeUndefined();
});

test('a file that somebody took away is not made anew by a question', async () => {
  const { deps, runs } = world(undefined, () => 'first');
  expect(await liveText({ ...deps, isLive: () => true })).toBeUndefined();
  expect(runs()).toBe(0);
});
