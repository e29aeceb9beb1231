import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { startBalancedTraffic } from './balanced-traffic.js';
import { freePort } from './programs/program-process.js';
import { until } from './until.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers with this status, or breaks off; counts. */
async function serve(status: number | 'break off'): Promise<{ host: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (status === 'break off') response.destroy();
    else response.writeHead(status).end();
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

const options = { path: '/', clients: 1, pauseMs: 1 };

test('a host where nobody listens is passed over', async () => {
  const good = await serve(200);
  const traffic = startBalancedTraffic({ ...options, hosts: [`127.0.0.1:${await freePort()}`, good.host] });
  await until('ten requests', () =>
    Promise.resolve(good.asked() >= 10 ? { done: true } : { notYet: 'fewer' }),
  );
  expect(await traffic.stop()).toMatchObject({ failed: 0 });
});

test.each([[503], ['break off']] as const)(
  'a request that was taken and ended with %s is not sent again',
  async (end) => {
    const [bad, good] = [await serve(end), await serve(200)];
    const traffic = startBalancedTraffic({ ...options, hosts: [bad.host, good.host] });
    await until('some requests', () =>
      Promise.resolve(bad.asked() >= 3 ? { done: true } : { notYet: 'fewer' }),
    );
    const { sent, failed } = await traffic.stop();
    expect(failed).toBe(bad.asked());
    expect(sent).toBe(bad.asked() + good.asked());
  },
);

test('a request that nobody takes has failed', async () => {
  const hosts = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const { failed, failures } = await startBalancedTraffic({ ...options, hosts }).stop();
  expect(failed).toBeGreaterThan(0);
  expect(failures[0]).toContain(`${hosts[0]}: ECONNREFUSED, ${hosts[1]}: ECONNREFUSED`);
});
