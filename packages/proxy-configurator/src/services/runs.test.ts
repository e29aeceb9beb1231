import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { settingsOf } from '../testing/render-services.js';
import type { Run } from '../ports.js';
import { createRuns, type RunsDeps } from './runs.js';
import { createServiceStore } from './service-store.js';
import { createTold } from './told.js';

const RUN: Run = { outcome: 'unchanged', reason: 'other', services: [], verdicts: new Map(), durationMs: 0 };

let stop: AbortController;
let running: Promise<void>;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await running;
});

/** Runs under way; `steps` is what happened. */
function start(changes: Partial<RunsDeps> = {}) {
  const steps: string[] = [];
  const runs = createRuns({
    store: createServiceStore(),
    reconcile(_services, force) {
      steps.push(force ? 'forced' : 'run');
      return Promise.resolve(RUN);
    },
    reloadFromDisk() {
      steps.push('from disk');
      return Promise.resolve(true);
    },
    onRun() {
      steps.push('saved');
      return Promise.resolve();
    },
    onFailure: () => steps.push('failed'),
    told: createTold(silentLogger(), settingsOf('/nowhere')),
    logger: silentLogger(),
    ...changes,
  });
  running = runs.run(stop.signal);
  return { runs, steps };
}

test('a caller is answered when everything about its run is saved', async () => {
  const { runs, steps } = start();
  expect(await runs.submit()).toBe(RUN);
  expect(steps).toEqual(['run', 'saved']);
});

test('somebody waits for a run until it has ended, also when it fails', async () => {
  const { runs } = start({ reconcile: () => Promise.reject(new Error('no')) });
  expect(runs.isAwaited()).toBe(false);
  const answers = [runs.submit(), runs.submit()];
  expect(runs.isAwaited()).toBe(true);
  await Promise.allSettled(answers);
  expect(runs.isAwaited()).toBe(false);
});

test('a forced run that fails is forced again', async () => {
  let fails = true;
  const forces: boolean[] = [];
  const { runs } = start({
    reconcile(_services, force) {
      forces.push(force);
      return fails ? Promise.reject(new Error('no')) : Promise.resolve(RUN);
    },
  });
  await expect(runs.submit({ force: true })).rejects.toThrow('no');
  fails = false;
  await runs.submit();
  await runs.submit();
  expect(forces).toEqual([true, true, false]);
});

test('what is on disk is run once for all who ask at the same time, and services as asked for after it', async () => {
  const { runs, steps } = start();
  await Promise.all([runs.reloadFromDisk(), runs.reloadFromDisk(), runs.submit()]);
  expect(steps).toEqual(['from disk', 'run', 'saved']);
});

test('a file that is refused costs only those who asked for it', async () => {
  const { runs } = start({ reloadFromDisk: () => Promise.reject(new Error('line 3')) });
  const [disk, services] = await Promise.allSettled([runs.reloadFromDisk(), runs.submit()]);
  expect([disk.status, services.status]).toEqual(['rejected', 'fulfilled']);
});

test('who asks before anything is on disk gets what the run after it writes', async () => {
  const { runs, steps } = start({ reloadFromDisk: () => Promise.resolve(false) });
  await runs.reloadFromDisk();
  expect(steps).toEqual(['run', 'saved']);
});

test('who asks before anything is on disk hears that nothing could be written', async () => {
  const { runs } = start({
    reloadFromDisk: () => Promise.resolve(false),
    reconcile: () => Promise.reject(new Error('no space left')),
  });
  await expect(runs.reloadFromDisk()).rejects.toThrow('no space left');
});

test('a file that runs has run, whatever becomes of the services', async () => {
  const { runs } = start({ reconcile: () => Promise.reject(new Error('no')) });
  await expect(runs.reloadFromDisk()).resolves.toBeUndefined();
});

test('a run that has not begun when the program ends is an error', async () => {
  const { runs, steps } = start();
  const asked = runs.reloadFromDisk();
  stop.abort();
  await expect(asked).rejects.toThrow('stopping');
  expect(steps).toEqual([]);
});
