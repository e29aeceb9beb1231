import { constants } from 'node:os';
import { expect, test } from '@jest/globals';
import { readProcessStatus } from './process-status.js';

const { SIGUSR1, SIGTERM } = constants.signals;

function status(state: string, pending = '0000000000000000'): string {
  return `Name:\thaproxy\nState:\t${state}\nPid:\t356\nSigPnd:\t0000000000000000\nShdPnd:\t${pending}\nSigBlk:\t0000000000000000\nvoluntary_ctxt_switches:\t387\nnonvoluntary_ctxt_switches:\t469\n`;
}

test('a signal is pending until the process has run', () => {
  const stopped = readProcessStatus(status('T (stopped)', '0000000000000200'));
  expect([stopped?.hasPending(SIGUSR1), stopped?.hasPending(SIGTERM), stopped?.isWaiting]).toEqual([
    true,
    false,
    false,
  ]);
});

test.each([
  ['S (sleeping)', true],
  ['R (running)', false],
  ['D (disk sleep)', false],
])('a process in state %s waits: %s', (state, isWaiting) => {
  expect(readProcessStatus(status(state))?.isWaiting).toBe(isWaiting);
});

test('a process that has ended has no status', () => {
  expect(readProcessStatus('')).toBeUndefined();
  expect(readProcessStatus(status('Z (zombie)'))).toBeUndefined();
});

test('it tells how often the process has run', () => {
  expect(readProcessStatus(status('S (sleeping)'))?.runs).toBe(387 + 469);
});
