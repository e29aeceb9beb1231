import { expect, test } from '@jest/globals';
import { withServer } from '../../testing/fake-programs.js';
import { runCommand, stackOf } from '../../testing/run-command.js';

const files = {
  'shop.yml': stackOf({
    api: ['com.df.servicePath=/api', 'com.df.port=80', 'com.df.serviceHeader=X-Version:2'],
    rx: ['com.df.servicePath=^/r[0-9]', 'com.df.pathType=path_reg', 'com.df.port=81'],
    web: ['com.df.servicePath=/web', 'com.df.port=82', 'com.df.users=joe:s3cret', 'com.df.pathTipe=path'],
  }),
};

async function explain(...args: readonly string[]) {
  const { status, result } = await runCommand(['explain', '--format', 'json', ...args, '@shop.yml'], {
    files,
  });
  return { status, ...(JSON.parse(result) as Record<string, unknown>) };
}

test('a header decides', async () => {
  expect(await explain('--url', 'http://x/api', '--header', 'x-version: 2')).toMatchObject({
    status: 0,
    taken: { service: 'shop_api' },
    request: { host: 'x', path: '/api', port: 80, headers: { 'x-version': '2' } },
  });
  expect(await explain('--url', 'http://x/api')).toMatchObject({ status: 1, taken: null });
});

test('the port is that of the URL, or as asked', async () => {
  expect(await explain('--url', 'https://x/web')).toMatchObject({ request: { port: 443 } });
  expect(await explain('--url', 'https://x/web', '--port', '8443')).toMatchObject({
    request: { port: 8443 },
  });
});

test('a running proxy is asked instead', async () => {
  const answer = { taken: { service: 'a', backend: 'b', why: 'c' }, tried: [] };
  await withServer({ '/v1/docker-flow-proxy/explain': answer }, async (address, asked) => {
    const { status, result } = await runCommand([
      ...['explain', '--url', 'http://x/api?q=1', '--header', 'A: b', '--against', address],
    ]);
    expect(status).toBe(0);
    expect(result).toContain('a takes it with the backend b: c');
    expect(asked[0]).toBe('/v1/docker-flow-proxy/explain?host=x&path=%2Fapi%3Fq%3D1&port=80&header=a%3A+b');
  });
});

test('every label of a service is explained, and no secret shown', async () => {
  const { status, result } = await runCommand(
    ['explain', '--format', 'json', '--service', 'web', '@shop.yml'],
    { files },
  );
  const { labels, findings } = JSON.parse(result) as {
    labels: Record<string, unknown>[];
    findings: unknown[];
  };
  expect(status).toBe(1);
  expect(labels.map(({ label, reader }) => `${String(label)} ${String(reader)}`)).toEqual([
    'com.df.notify swarm-listener',
    'com.df.servicePath proxy-configurator',
    'com.df.port proxy-configurator',
    'com.df.users proxy-configurator',
    'com.df.pathTipe ',
  ]);
  expect(labels[1]?.['effect']).toMatch(/Backend shop_web-be82_0/);
  expect(labels[4]?.['effect']).toMatch(/DF102/);
  expect(findings).toHaveLength(1);
  expect(result).not.toContain('s3cret');
});

test.each([
  [[]],
  [['--url', 'http://x/', '--service', 'web']],
  [['--url', 'ftp://x/']],
  [['--url', '/web']],
  [['--url', 'http:///web']],
  [['--url', 'http://x/', '--port', '0']],
  [['--url', 'http://x/', '--header', 'nonsense']],
])('%j is no question', async (args) => {
  expect(await runCommand(['explain', ...args, '@shop.yml'], { files })).toMatchObject({
    status: 2,
    result: '',
  });
});
