import { expect, test } from '@jest/globals';
import {
  ServiceMemory,
  isStoppedByHand,
  newServiceMemory,
  rememberChange,
  rememberForeignCount,
  rememberLook,
  rememberRestore,
} from './service-memory.js';

const scaled = rememberChange(newServiceMemory('id', 'web'), { from: 2, to: 4, reason: 'up' }, 1_000);

test('the first count the scaler changes is that of the stack file, also after further changes', () => {
  const again = rememberChange(scaled, { from: 4, to: 5, reason: 'up' }, 2_000);
  expect(again).toMatchObject({ fileReplicas: 2, inForce: { replicas: 5 }, lastChange: { atMs: 2_000 } });
});

test('a deploy tells the count of the file, and restoring starts no cool-down', () => {
  const restored = rememberRestore(scaled, { fileReplicas: 3, restored: 4 }, 9_000);
  expect(restored).toMatchObject({ fileReplicas: 3, inForce: { replicas: 4 }, lastChange: { atMs: 1_000 } });
});

test('after a deliberate change the scaler has nothing in force', () => {
  expect(rememberForeignCount(scaled, 3)).toMatchObject({
    inForce: undefined,
    stopped: false,
    seenReplicas: 3,
  });
});

function stopped(memory: ServiceMemory | undefined, min = 1, previousReplicas?: number) {
  return isStoppedByHand({ memory, replicas: 0, previousReplicas, min });
}

test('a service that somebody took to 0 is stopped, whether that was seen happen or not', () => {
  expect(stopped(rememberForeignCount(scaled, 0))).toBe(true);
  expect(stopped(scaled)).toBe(true);
  expect(stopped(rememberLook(rememberLook(newServiceMemory('id', 'web'), 3), 0))).toBe(true);
  expect(stopped(undefined, 1, 3)).toBe(true);
});

test('a service that the scaler took to 0 is not stopped, nor one that never had replicas', () => {
  expect(stopped(rememberChange(scaled, { from: 4, to: 0, reason: 'down' }, 2_000), 0)).toBe(false);
  expect(stopped(undefined)).toBe(false);
  expect(stopped(undefined, 0, 3)).toBe(false);
  expect(stopped(rememberLook(newServiceMemory('id', 'web'), 0))).toBe(false);
});

test('a stopped service that runs again is not stopped any more', () => {
  const started = rememberLook(rememberForeignCount(scaled, 0), 2);
  expect(started).toMatchObject({ stopped: false, seenReplicas: 2 });
});

test('memory survives being written and read', () => {
  const all = rememberForeignCount(scaled, 0);
  expect(ServiceMemory.parse(JSON.parse(JSON.stringify(all)))).toEqual({ ...all, inForce: undefined });
});
