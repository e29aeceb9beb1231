import { expect, test } from '@jest/globals';
import { addActivity, boundActivities, type Activity, type NewActivity } from './activity.js';
import { addReplicaPoint, type ReplicaPoint } from './replica-series.js';

const limits = { count: 3, ageMs: 1_000 };

function held(atMs: number, change: Partial<NewActivity> = {}): NewActivity {
  return {
    atMs,
    service: 'web',
    outcome: 'held',
    asker: 'Alertmanager',
    request: 'scale up',
    message: 'web stays: 40 seconds remain',
    explanation: 'cool-down',
    ...change,
  };
}

function addAll(all: readonly NewActivity[]): readonly Activity[] {
  return all.reduce<readonly Activity[]>(
    (activities, activity, index) => addActivity(activities, activity, `id${index}`, limits).activities,
    [],
  );
}

test('the same answer again is counted, also when only the remaining seconds differ', () => {
  const [only, ...rest] = addAll([held(1), held(2), held(3, { message: 'web stays: 39 seconds remain' })]);
  expect(rest).toEqual([]);
  expect(only).toMatchObject({ id: 'id0', atMs: 1, times: 3, lastAtMs: 3 });
});

test('changes, other askers and other services are activities of their own', () => {
  const all = addAll([held(1), held(2, { asker: 'somebody' }), held(3, { service: 'api' })]);
  expect(all.map(({ times }) => times)).toEqual([1, 1, 1]);
  expect(addAll([held(1, { outcome: 'scaled' }), held(2, { outcome: 'scaled' })])).toHaveLength(2);
});

test('the newest activities within count and age are kept', () => {
  const all = [1, 2, 3, 4].map((atMs) => held(atMs, { outcome: 'scaled' }));
  expect(addAll(all).map(({ atMs }) => atMs)).toEqual([2, 3, 4]);
  expect(boundActivities(addAll(all), limits, 1_003)).toHaveLength(1);
});

test('a series keeps the first and the last of equal looks, for a day', () => {
  const look = (atMs: number, wanted: number): ReplicaPoint => ({ atMs, wanted, running: wanted });
  const series = [look(1, 2), look(2, 2), look(3, 2), look(4, 3)].reduce<readonly ReplicaPoint[]>(
    addReplicaPoint,
    [],
  );
  expect(series.map(({ atMs }) => atMs)).toEqual([1, 3, 4]);
  expect(addReplicaPoint(series, look(3 + 24 * 3_600_000, 3)).map(({ atMs }) => atMs)).toEqual([
    4,
    3 + 24 * 3_600_000,
  ]);
});
