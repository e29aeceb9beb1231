import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import type { Rejection, ServiceVersion, Verdict } from '../core/model/service-version.js';
import { routedService, settingsOf } from '../testing/render-services.js';
import { createServiceStore, type ServiceStore } from './service-store.js';

const settings = settingsOf('/nowhere');
const BY_HAPROXY: Rejection = { kind: 'haproxy', status: 500, message: 'no' };

function version(name: string, port: string): ServiceVersion {
  const parameters: Parameters = { serviceName: name, servicePath: '/', port };
  return { parameters, routed: routedService(parameters, settings), warnings: [] };
}

function accept(store: ServiceStore, one: ServiceVersion): void {
  store.open(one.routed.service.name).accept(one);
}

/** A request whose labels cannot be read. */
function reject(store: ServiceStore, name: string): void {
  const { routed } = version(name, '80');
  const request = {
    parameters: { serviceName: name },
    service: routed.service,
    refusal: undefined,
    warnings: [],
  };
  store.open(name).reject({ kind: 'labels', status: 400, message: 'no', request });
}

/** A run that makes all candidates live, but for those that are rejected. */
function run(store: ServiceStore, rejections: Readonly<Record<string, Rejection>> = {}): void {
  store.settle(
    new Map(
      [...store.candidates()].map(([name, { wanted, live }]): [string, Verdict] => {
        const rejection = rejections[name];
        return [name, { wanted, live: rejection ? (live === wanted ? undefined : live) : wanted, rejection }];
      }),
    ),
  );
}

function candidates(store: ServiceStore): readonly (string | undefined)[] {
  return [...store.candidates().values()].map(({ wanted }) => wanted.parameters['port']);
}

test('services are sorted by name, and run with the next configuration', () => {
  const store = createServiceStore();
  accept(store, version('b', '80'));
  accept(store, version('a', '81'));
  expect(store.entries().map(({ name }) => name)).toEqual(['a', 'b']);
  expect(candidates(store)).toEqual(['80', '81']);
});

test('a version that HAProxy rejects leaves the one before it running, and is not tried again', () => {
  const store = createServiceStore();
  accept(store, version('a', '80'));
  run(store);
  accept(store, version('a', '81'));
  run(store, { a: BY_HAPROXY });
  expect(candidates(store)).toEqual(['80']);
  run(store);
  expect(store.get('a')?.rejection?.message).toBe('no');
});

test('labels that cannot be read leave what runs, or nothing', () => {
  const store = createServiceStore();
  reject(store, 'a');
  expect(candidates(store)).toEqual([]);
  accept(store, version('a', '80'));
  run(store);
  reject(store, 'a');
  run(store);
  expect(candidates(store)).toEqual(['80']);
  expect(store.get('a')?.rejection?.kind).toBe('labels');
});

test('a good version after a bad one runs again', () => {
  const store = createServiceStore();
  accept(store, version('a', '80'));
  run(store, { a: BY_HAPROXY });
  expect(candidates(store)).toEqual([]);
  accept(store, version('a', '82'));
  expect(candidates(store)).toEqual(['82']);
  expect(store.get('a')?.rejection).toBeUndefined();
});

test('an entry port that another has is tried again in every run', () => {
  const store = createServiceStore();
  accept(store, version('a', '80'));
  run(store, { a: { kind: 'port', status: 409, message: 'taken' } });
  expect([candidates(store), store.get('a')?.rejection?.message]).toEqual([['80'], 'taken']);
  run(store);
  expect([store.get('a')?.rejection, store.get('a')?.live?.parameters['port']]).toEqual([undefined, '80']);
});

test('a request that came while a run was under way knows better than the run', () => {
  const store = createServiceStore();
  const old = version('a', '80');
  accept(store, old);
  accept(store, version('a', '81'));
  store.settle(new Map([['a', { wanted: old, live: undefined, rejection: BY_HAPROXY }]]));
  expect([candidates(store), store.get('a')?.rejection]).toEqual([['81'], undefined]);
});

test('a service that was removed is known no more, and removing twice is fine', () => {
  const store = createServiceStore();
  accept(store, version('a', '80'));
  expect([store.remove('a'), store.remove('a'), store.entries()]).toEqual([true, false, []]);
});

test('of two open requests only the newer one counts, and a removal overtakes both', () => {
  const store = createServiceStore();
  const [older, newer] = [store.open('a'), store.open('a')];
  newer.accept(version('a', '81'));
  older.accept(version('a', '80'));
  expect(candidates(store)).toEqual(['81']);
  const late = store.open('a');
  store.remove('a');
  late.accept(version('a', '82'));
  expect([late.isNewest(), store.isOpen('a'), store.entries()]).toEqual([false, false, []]);
});

test('a service waits for an address until it has one, or is asked for otherwise, unless it runs', () => {
  const store = createServiceStore();
  const waiting = version('a', '80');
  const wait = () => {
    const request = { ...waiting, service: waiting.routed.service, refusal: undefined };
    store.open('a').reject({ kind: 'unresolved', status: 500, message: 'no', request, awaited: waiting });
  };
  wait();
  expect([...store.awaited()]).toEqual([['a', waiting]]);
  expect(candidates(store)).toEqual([]);
  reject(store, 'a');
  expect(store.awaited().size).toBe(0);
  wait();
  accept(store, version('a', '80'));
  expect(store.awaited().size).toBe(0);
  run(store);
  wait();
  expect(store.awaited().size).toBe(0);
  store.remove('a');
  wait();
  expect(store.awaited().size).toBe(1);
});
