import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { run } from './program.js';

/** Runs a command line on a process of its own that is none. */
async function runCommand(args: readonly string[], stdin: readonly string[] = []) {
  let result = '';
  let messages = '';
  const status = await run(args, {
    stdin: Readable.from(stdin.map((line) => Buffer.from(`${line}\n`))),
    writeResult: (text) => {
      result += text;
      return Promise.resolve();
    },
    writeMessage: (text) => void (messages += text),
    isTerminal: false,
    nowMs: () => performance.now(),
    sleep: () => Promise.resolve(),
    environment: {},
  });
  return { status, result, messages };
}

test('an unknown command names the nearest one and cannot be run', async () => {
  const { status, result, messages } = await runCommand(['simulte']);
  expect({ status, result }).toEqual({ status: 2, result: '' });
  expect(messages).toMatch(/unknown command 'simulte'[^]*simulate[^]*usage: dflow COMMAND/);
});

test('help is a result, not a problem', async () => {
  const { status, result } = await runCommand(['--help']);
  expect(status).toBe(0);
  expect(result).toContain('simulate');
});

const CASE = {
  id: 'a',
  policy: { max: 9, metrics: [{ name: 'load', per: 'service', type: 'averageValue', target: 10 }] },
  steps: [
    { at: 0, current: 2, scalar: { load: 40 } },
    { at: 15, current: 4, scalar: { load: 40 } },
  ],
};

test('a batch answers line by line, in order; a line that is no case costs itself only', async () => {
  const lines = [
    'nonsense',
    JSON.stringify({ ...CASE, id: 'b', policy: { ...CASE.policy, max: 0 } }),
    '',
    JSON.stringify(CASE),
  ];
  const { status, result } = await runCommand(['simulate', '--format', 'jsonl', '--batch'], lines);
  expect(status).toBe(1);
  const answers = result
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(answers).toEqual([
    { id: null, error: 'the line is not JSON' },
    { id: 'b', error: expect.stringContaining('policy.max must be at least 1') },
    {
      id: 'a',
      steps: [
        { desired: 4, reason: 'scaleUp', limitedBy: null, stabilized: null, proposal: 4 },
        { desired: 4, reason: 'steady', limitedBy: null, stabilized: null, proposal: 4 },
      ],
    },
  ]);
});
