import { expect, test } from '@jest/globals';
import type { Logger } from '@docker-flow/daemon';
import { createProxy } from './proxy.js';
import { createServiceRegistry } from './service-registry.js';
import { settingsOf } from './testing/render-services.fake.js';

const silent: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => silent,
};

function world() {
  const registry = createServiceRegistry();
  const refuse = () => Promise.reject(new Error('not asked for here'));
  const proxy = createProxy({
    registry,
    preparing: {
      settings: settingsOf('/nowhere'),
      addresses: {} as never,
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
