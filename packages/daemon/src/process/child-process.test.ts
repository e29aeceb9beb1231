import { expect, test } from '@jest/globals';
import { runCommand, startChild } from './child-process.js';
import { NotFoundError } from '../errors.js';
import { sleep } from '../concurrency/sleep.js';

test('a program that is not there is a named failure', async () => {
  await expect(startChild({ command: 'no-such-program', args: [] })).rejects.toThrow(NotFoundError);
  await expect(runCommand('no-such-program', [], { timeoutMs: 1_000 })).rejects.toThrow('no-such-program');
});

test('arguments are passed as they are, without a shell', async () => {
  const result = await runCommand(
    process.execPath,
    ['-e', 'console.log(process.argv[1])', '$HOME `id`; "x"'],
    { timeoutMs: 10_000 },
  );
  expect(result).toMatchObject({ code: 0, stdout: '$HOME `id`; "x"\n' });
});

test('lines of a child are handed on and its end is a value', async () => {
  const lines: string[] = [];
  const child = await startChild({
    command: process.execPath,
    args: ['-e', 'console.log("a\\nb"); process.exitCode = 3'],
    onLine: (line) => lines.push(line),
  });
  expect(await child.exited).toEqual({ code: 3, signal: null });
  while (lines.length < 2) await sleep(5);
  expect(lines).toEqual(['a', 'b']);
  expect(child.running()).toBe(false);
  expect(child.kill('SIGTERM')).toBe(false);
});

test('a child that ignores SIGTERM is killed after its grace', async () => {
  const lines: string[] = [];
  const child = await startChild({
    command: process.execPath,
    args: ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'],
    onLine: (line) => lines.push(line),
  });
  while (lines.length === 0) await sleep(5);
  expect(await child.stop({ graceMs: 50 })).toEqual({ code: null, signal: 'SIGKILL' });
});
