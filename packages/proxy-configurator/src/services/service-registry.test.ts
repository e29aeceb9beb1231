import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { createServiceRegistry, versionToRun, type ServiceVersion } from './service-registry.js';
import { routedService, settingsOf } from '../testing/render-services.js';

const settings = settingsOf('/nowhere');
const REJECTION = { kind: 'haproxy', status: 500, message: 'no' } as const;

function version(name: string, port: string): ServiceVersion {
  const parameters: Parameters = { serviceName: name, servicePath: '/', port };
  return { parameters, routed: routedService(parameters, settings), warnings: [] };
}

function running(registry: ReturnType<typeof createServiceRegistry>): readonly (string | undefined)[] {
  return registry.entries().map((entry) => versionToRun(entry)?.parameters['port']);
}

test('a service that is wanted runs with the next configuration', () => {
  const registry = createServiceRegistry();
  registry.want(version('b', '80'));
  registry.want(version('a', '81'));
  expect(registry.entries().map(({ name }) => name)).toEqual(['a', 'b']);
  expect(running(registry)).toEqual(['81', '80']);
});

test('a version that HAProxy refuses leaves the one before it running', () => {
  const registry = createServiceRegistry();
  const [good, bad] = [version('a', '80'), version('a', '81')];
  registry.want(good);
  registry.settle(new Map([['a', good]]));
  registry.want(bad);
  registry.reject('a', bad.parameters, REJECTION, bad);
  expect(running(registry)).toEqual(['80']);
});

test('labels that cannot be read leave what runs, or nothing', () => {
  const registry = createServiceRegistry();
  registry.reject('a', { serviceName: 'a' }, { ...REJECTION, kind: 'labels' });
  expect(running(registry)).toEqual([undefined]);
  const good = version('a', '80');
  registry.want(good);
  registry.settle(new Map([['a', good]]));
  registry.reject('a', { serviceName: 'a' }, { ...REJECTION, kind: 'labels' });
  expect(running(registry)).toEqual(['80']);
});

test('a good version after a bad one runs again', () => {
  const registry = createServiceRegistry();
  const bad = version('a', '80');
  registry.want(bad);
  registry.reject('a', bad.parameters, REJECTION, bad);
  registry.want(version('a', '82'));
  expect(running(registry)).toEqual(['82']);
  expect(registry.get('a')?.rejection).toBeUndefined();
});

test('who was removed is known no more, and removing twice is fine', () => {
  const registry = createServiceRegistry();
  registry.want(version('a', '80'));
  expect([registry.remove('a'), registry.remove('a'), registry.entries()]).toEqual([true, false, []]);
});
