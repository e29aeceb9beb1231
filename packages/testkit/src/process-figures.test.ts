import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { parentOf, processorSeconds, residentMegabytes } from './process-figures.js';

test('a process that works uses processor time and memory', async () => {
  const before = processorSeconds(process.pid);
  while (processorSeconds(process.pid) - before < 0.05) JSON.parse(JSON.stringify(process.versions));
  expect(residentMegabytes(process.pid)).toBeGreaterThan(10);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  await once(child, 'spawn');
  expect(parentOf(child.pid ?? 0)).toBe(process.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
});

test('the time of ended children counts when it is asked for', async () => {
  const child = spawn(process.execPath, ['-e', 'const end = Date.now() + 100; while (Date.now() < end);']);
  await once(child, 'exit');
  expect(processorSeconds(process.pid, { withChildren: true })).toBeGreaterThan(
    processorSeconds(process.pid),
  );
});

test('a process that is not there has no figures', () => {
  const none = 2 ** 30;
  expect(processorSeconds(none)).toBe(0);
  expect(residentMegabytes(none)).toBeNaN();
  expect(parentOf(none)).toBeUndefined();
});
