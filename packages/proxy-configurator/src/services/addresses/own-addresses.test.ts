import { expect, test } from '@jest/globals';
import { createProxyAddresses } from './own-addresses.js';

test('replicas and the address they share count as the proxy, asked for once a second at most', async () => {
  const asked: string[] = [];
  let now = 0;
  const known: Record<string, readonly string[]> = {
    proxy: ['10.0.0.2'],
    'tasks.proxy': ['10.0.0.3', '10.0.0.4'],
  };
  const addresses = createProxyAddresses({
    resolver: {
      lookup(name) {
        asked.push(name);
        return Promise.resolve(known[name] ?? []);
      },
    },
    serviceName: 'proxy',
    now: () => now,
  });
  await addresses.refresh();
  await addresses.refresh();
  expect(asked).toEqual(['proxy', 'tasks.proxy']);
  expect(addresses.all()).toEqual(expect.arrayContaining(['10.0.0.2', '10.0.0.3', '10.0.0.4']));
  expect(addresses.all().some((one) => one.startsWith('127.0.0.1'))).toBe(true);
  known['tasks.proxy'] = ['10.0.0.5'];
  now = 1_000;
  await addresses.refresh();
  expect(addresses.all()).toContain('10.0.0.5');
  expect(addresses.all()).not.toContain('10.0.0.3');
});
