import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readNode } from './read-node.js';
import { readService } from './read-service.js';
import { readTask } from './read-task.js';

test('of a service the labels that are needed are kept, exactly as they are', () => {
  const service = readService(
    {
      ID: 'a',
      Version: { Index: 7 },
      CreatedAt: '2026-01-01T00:00:00Z',
      UpdatedAt: '2026-01-01T00:00:01.5Z',
      ServiceStatus: { RunningTasks: 2 },
      Spec: {
        Name: 'shop_web',
        Labels: {
          'com.df.notify': 'true',
          'com.df.text': 'line\nbreak 😀',
          'com.df.__proto__': 'x',
          'com.docker.stack.namespace': 'shop',
          'other.label': 'y',
          'extra.label': 'z',
        },
        Mode: { Replicated: { Replicas: 3 } },
        TaskTemplate: { ContainerSpec: { Image: 'image:1', Labels: { 'com.df.port': '80', other: 'x' } } },
        UpdateConfig: { Monitor: 2_000_000_000, FailureAction: 'rollback' },
      },
      UpdateStatus: { State: 'updating' },
    },
    (label) => label.startsWith('extra.') || label.startsWith('com.df.'),
  );
  expect(service).toEqual({
    id: 'a',
    name: 'shop_web',
    version: 7,
    labels: {
      'com.df.notify': 'true',
      'com.df.text': 'line\nbreak 😀',
      'com.df.__proto__': 'x',
      'extra.label': 'z',
    },
    containerLabels: { 'com.df.port': '80' },
    stack: 'shop',
    mode: 'replicated',
    replicas: 3,
    image: 'image:1',
    updateState: 'updating',
    failureAction: 'rollback',
    stabilityWindowMs: 2_000,
    createdAtMs: Date.UTC(2026, 0, 1),
    updatedAtMs: Date.UTC(2026, 0, 1, 0, 0, 1, 500),
    previousReplicas: undefined,
    changedOtherParts: true,
    runningTasks: 2,
  });
});

test.each([
  [{ Global: {} }, 'global', undefined],
  [{ Replicated: {} }, 'replicated', undefined],
  [{ Replicated: { Replicas: 3 } }, 'replicated', 3],
  [{ ReplicatedJob: { MaxConcurrent: 1 } }, 'other', undefined],
  [undefined, 'other', undefined],
])('mode %j is %s', (mode, wanted, replicas) => {
  expect(readService({ ID: 'a', Spec: { Mode: mode } })).toMatchObject({
    mode: wanted,
    replicas,
  });
});

test('a service that says nothing about monitoring is stable after five seconds', () => {
  for (const config of [undefined, {}, { Monitor: 0 }])
    expect(readService({ Spec: { UpdateConfig: config } }).stabilityWindowMs).toBe(5_000);
});

const counted = (replicas: number | undefined, image = 'a') => ({
  Name: 'web',
  Mode: { Replicated: replicas === undefined ? {} : { Replicas: replicas } },
  TaskTemplate: { ContainerSpec: { Image: image } },
});

test.each([
  ['another count', counted(3), counted(5), false],
  ['the same', counted(3), counted(3), false],
  ['another image', counted(3), counted(5, 'b'), true],
  ['a first count', counted(undefined), counted(5), true],
  ['another mode', { ...counted(3), Mode: { Global: {} } }, counted(5), true],
  ['no update at all', undefined, counted(5), true],
])('an update to %s', (_what, before, after, changedOtherParts) => {
  expect(readService({ Spec: after, PreviousSpec: before })).toMatchObject({
    changedOtherParts,
    previousReplicas:
      before?.Mode && 'Replicated' in before.Mode ? before.Mode.Replicated.Replicas : undefined,
  });
});

test('a task has the first address of each network, without mask', () => {
  const attachment = (network: string, addresses: readonly string[] | null) => ({
    Network: { ID: 'n', Spec: { Name: network } },
    Addresses: addresses,
  });
  const task = readTask({
    ID: 't',
    ServiceID: 's',
    Slot: 2,
    NodeID: 'n',
    DesiredState: 'running',
    Status: { State: 'starting' },
    NetworksAttachments: [
      attachment('ingress', null),
      attachment('monitor', ['10.0.1.5/24', '10.0.1.6/24']),
      attachment('six', ['fd00::5/64']),
    ],
  });
  expect(task).toEqual({
    id: 't',
    serviceId: 's',
    slot: 2,
    nodeId: 'n',
    desiredState: 'running',
    state: 'starting',
    addresses: [
      { network: 'monitor', address: '10.0.1.5' },
      { network: 'six', address: 'fd00::5' },
    ],
  });
});

test('of a node the labels of Docker Flow are kept, its own and those of its engine', () => {
  const node = readNode({
    ID: 'n',
    Version: { Index: 9 },
    Spec: { Role: 'manager', Availability: 'active', Labels: { 'com.df.zone': 'a', other: 'b' } },
    Description: { Hostname: 'h', Engine: { Labels: { 'com.df.rack': '7', storage: 'ssd' } } },
    Status: { State: 'ready', Addr: '10.0.0.1' },
  });
  expect(node).toMatchObject({
    labels: { 'com.df.zone': 'a' },
    engineLabels: { 'com.df.rack': '7' },
    versionIndex: 9,
  });
});

test('whatever Docker sends can be read', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (raw) => {
      for (const value of [
        raw,
        { Spec: raw, PreviousSpec: raw, Status: raw, NetworksAttachments: [raw], Description: raw },
      ]) {
        readService(value);
        readTask(value);
        readNode(value);
      }
    }),
  );
});
