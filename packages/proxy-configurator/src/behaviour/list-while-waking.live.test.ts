import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { useLiveProgram } from '../testing/live-program.js';

/** A listener that answers what a test tells it. */

const world = useLiveProgram();
const SLEEPER = { serviceName: 'sleeper', servicePath: '/sleeper', port: '8080', wakeOnRequest: 'true' };
const OTHER = { serviceName: 'other', servicePath: '/other', port: '8080', replicas: '1' };

interface Lists {
  services: readonly Parameters[];
  notRunning: readonly Parameters[];
}

async function startListener(lists: Lists): Promise<{ address: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(lists));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  world.cleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

test('a service that is being woken keeps its routes while the list says that nothing of it runs', async () => {
  const lists: Lists = { services: [OTHER, { ...SLEEPER, replicas: '0' }], notRunning: [] };
  const listener = await startListener(lists);
  const program = await world.start(
    {
      LISTENER_ADDRESS: listener.address,
      RELOAD_INTERVAL: '50',
      REPEAT_RELOAD: 'true',
      SCALER_ADDRESS: '127.0.0.1:9',
    },
    (host) => (host.includes('sleeper') ? [] : ['127.0.0.1']),
  );
  const hasRoute = async () =>
    String((await program.get('/config')).body['text']).includes('backend sleeper-');
  while (!(await hasRoute())) await pause(20);
  for (let round = 0; round < 3; round += 1) {
    await program.get('/reconfigure', { ...SLEEPER, replicas: '1' });
    Object.assign(lists, { services: [OTHER], notRunning: [{ ...SLEEPER, replicas: '1' }] });
    for (const until = listener.asked() + 3; listener.asked() < until;) await pause(10);
    expect(await hasRoute()).toBe(true);
    await program.get('/reconfigure', { ...SLEEPER, replicas: '0' });
    Object.assign(lists, { services: [OTHER, { ...SLEEPER, replicas: '0' }], notRunning: [] });
    for (const until = listener.asked() + 3; listener.asked() < until;) await pause(10);
    expect(await hasRoute()).toBe(true);
  }
});
