import { expect, test } from '@jest/globals';
import { InvalidConfigurationError } from '@docker-flow/daemon/errors';
import { readConfig } from './config.js';

test('addresses may be hosts, and those that are not set are left out', () => {
  const { addresses, prefix, pollMs } = readConfig({
    LISTENER_ADDRESS: 'swarm-listener',
    PROXY_ADDRESS: 'http://:s3cret@proxy:8080/',
    PROMETHEUS_ADDRESS: 'http://monitor:9090/monitor',
    ALERTMANAGER_ADDRESS: 'alert-manager',
    SERVER_PREFIX: '/flow/',
  });
  expect(addresses).toEqual({
    listener: 'http://swarm-listener:8080',
    proxy: 'http://:s3cret@proxy:8080',
    prometheus: 'http://monitor:9090/monitor',
    alertmanager: 'http://alert-manager:9093',
  });
  expect([prefix, pollMs]).toEqual(['/flow', 2_000]);
});

test.each([
  ['LISTENER_ADDRESS', 'LISTENER_API_TOKEN', 'listener'],
  ['MONITOR_ADDRESS', 'MONITOR_API_TOKEN', 'monitor'],
] as const)('%s gets the token of %s', (address, token, source) => {
  expect(readConfig({ [address]: 'there', [token]: 'shown' }).addresses[source]).toBe(
    'http://:shown@there:8080',
  );
});

test('the token of the proxy becomes the password of its address, and is a secret', () => {
  const { addresses, secrets } = readConfig({ PROXY_ADDRESS: 'proxy', PROXY_API_TOKEN: 'a/b@c' });
  expect(decodeURIComponent(new URL(addresses.proxy ?? '').password)).toBe('a/b@c');
  expect(secrets).toContain('a/b@c');
  const own = readConfig({ PROXY_ADDRESS: 'http://:own@proxy:8080', PROXY_API_TOKEN: 'token' });
  expect(own.addresses.proxy).toBe('http://:own@proxy:8080');
});

test('passwords of addresses are secrets', () => {
  const { secrets } = readConfig({ PROXY_ADDRESS: 'http://:s%23cret@proxy:8080' });
  expect(secrets).toEqual(['s%23cret', 's#cret']);
});

test('what is no address is said, without its text', () => {
  const read = () => readConfig({ PROXY_ADDRESS: 'http://:s3cret@', SCALER_ADDRESS: 'a b' });
  expect(read).toThrow(InvalidConfigurationError);
  expect(read).not.toThrow('s3cret');
});

test('without a prefix everything is at the root', () => {
  expect(readConfig({}).prefix).toBe('');
});

test('values in quotes are read without them, and told', () => {
  const { addresses, prefix, warnings } = readConfig({
    PROXY_ADDRESS: '"proxy"',
    PROXY_API_TOKEN: "'shown'",
    SERVER_PREFIX: '"/flow"',
  });
  expect([addresses.proxy, prefix]).toEqual(['http://:shown@proxy:8080', '/flow']);
  expect([...warnings].sort()).toEqual([
    expect.stringContaining('PROXY_ADDRESS is in quotes'),
    expect.stringContaining('PROXY_API_TOKEN is in quotes'),
    expect.stringContaining('SERVER_PREFIX is in quotes'),
  ]);
});
