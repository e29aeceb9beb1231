import { expect, test } from '@jest/globals';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { createProxy } from './service-requests.js';
import { createServiceRegistry } from './service-registry.js';
import { settingsOf } from '../testing/render-services.js';

const silent: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => silent,
};

/** `resolve` answers where a host is; by default nobody asks. */
function world(resolve: (host: string) => Promise<readonly string[]> = () => Promise.resolve([])) {
  const registry = createServiceRegistry();
  const refuse = () => Promise.reject(new Error('not asked for here'));
  const proxy = createProxy({
    registry,
    preparing: {
      settings: settingsOf('/nowhere'),
      addresses: { lookup: resolve } as never,
      readSecret: () => Promise.resolve(undefined),
      renderTemplate: refuse,
      storeCertificate: refuse,
      validateAddress: false,
      allowRaw: true,
      logger: silent,
    },
    reconcile: () => Promise.resolve('unchanged'),
    reloadFromDisk: refuse,
    onFailure: () => undefined,
    onlyInstance: undefined,
    logger: silent,
  });
  return { proxy, registry };
}

test('a service that asks for no route is refused as ever, and is not set aside', async () => {
  const { proxy, registry } = world();
  const answer = await proxy.reconfigure({
    serviceName: 'exporter',
    scrapePort: '9100',
    distribute: 'false',
  });
  expect(answer.status).toBe(409);
  expect(registry.entries()).toEqual([]);
});

test('a service whose route cannot be read is set aside with the reason', async () => {
  const { proxy, registry } = world();
  const answer = await proxy.reconfigure({ serviceName: 'shop', servicePath: '/shop', port: 'http' });
  expect(answer.status).toBe(400);
  expect(registry.get('shop')?.rejection?.message).toContain('label port="http" is not a port');
});

test('a service that was set aside and then asks for nothing is forgotten', async () => {
  const { proxy, registry } = world();
  await proxy.reconfigure({ serviceName: 'shop', servicePath: '/shop', port: 'http' });
  await proxy.reconfigure({ serviceName: 'shop', scrapePort: '9100' });
  expect(registry.entries()).toEqual([]);
});

/** Look-ups that each wait until the test answers them. */
function slowLookups() {
  const waiting: ((found: readonly string[]) => void)[] = [];
  const resolve = () => new Promise<readonly string[]>((done) => waiting.push(done));
  return { waiting, resolve };
}

const OLD = { serviceName: 'web', servicePath: '/old', port: '80' };
const NEW = { serviceName: 'web', servicePath: '/new', port: '80' };

test('of two requests about a service the later one counts, even if it is read first', async () => {
  const { waiting, resolve } = slowLookups();
  const { proxy, registry } = world(resolve);
  const both = [proxy.take([OLD]), proxy.take([NEW])];
  waiting[1]?.(['10.0.0.1']);
  waiting[0]?.(['10.0.0.1']);
  await Promise.all(both);
  expect(registry.get('web')?.wanted?.parameters).toBe(NEW);
});

test('a service that is removed while it is read does not come back', async () => {
  const { waiting, resolve } = slowLookups();
  const { proxy, registry } = world(resolve);
  const stop = new AbortController();
  const running = proxy.reconciler.run(stop.signal);
  const taken = proxy.take([OLD]);
  await proxy.remove('web');
  waiting[0]?.(['10.0.0.1']);
  await taken;
  expect(registry.entries()).toEqual([]);
  stop.abort();
  await running;
});

test('a service that waited for an address is not tried again as it was while a newer request is read', async () => {
  const { waiting, resolve } = slowLookups();
  const { proxy, registry } = world(resolve);
  const first = proxy.take([OLD]);
  waiting[0]?.([]);
  await first;
  const second = proxy.take([NEW]);
  proxy.onAddresses(['web']);
  waiting[1]?.(['10.0.0.1']);
  await second;
  expect(waiting).toHaveLength(2);
  expect(registry.get('web')?.wanted?.parameters).toBe(NEW);
});
