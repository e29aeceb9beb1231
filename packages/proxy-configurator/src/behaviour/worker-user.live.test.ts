import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import { createStandInCertificate } from '../certificates/self-signed-certificate.js';
import { findWorkerUser } from '../haproxy/worker-user.js';
import { ask, freePorts } from '../testing/live-haproxy.js';
import { useLiveProgram } from '../testing/live-program.js';

const world = useLiveProgram();

/** Whether this machine has a user for workers that can be taken; CI runs this as root in an image that has. */
async function canTakeUser(): Promise<boolean> {
  return (await findWorkerUser({ socket: '/tmp/a.sock', logger: silentLogger() })) !== undefined;
}

/** User ids of the processes of HAProxy, by process id. */
function users(): readonly number[] {
  const master = world.file('var/run/haproxy-master.sock');
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(master)) return [];
        return [Number(/^Uid:\t([0-9]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])];
      } catch {
        return [];
      }
    })
    .sort((a, b) => a - b);
}

test('workers have no rights of root, and everything works: routes, reloads, certificates, forward auth', async () => {
  const isPossible = await canTakeUser();
  world.openRoot();
  const [tls = 0] = await freePorts(1);
  const sso = createServer((_request, response) => response.writeHead(401).end('who are you'));
  await new Promise<void>((resolve) => sso.listen(0, '127.0.0.1', resolve));
  world.cleanUp(() => new Promise((resolve) => sso.close(resolve)));
  writeFileSync(
    world.file('run/secrets/cert-a'),
    createStandInCertificate('a.test', new Date(), ['a.test']),
    {
      mode: 0o600,
    },
  );
  const { get, send, call } = await world.start({ DEFAULT_PORTS: `${world.port},${tls}:ssl` });
  while ((await call('/readyz')).status !== 200) await sleep(10);
  const web = (serviceName: string, more: Parameters = {}) =>
    get('/reconfigure', {
      serviceName,
      servicePath: `/${serviceName}`,
      port: String(world.echo.port),
      ...more,
    });
  expect(await web('web')).toMatchObject({ status: 200 });
  const authUrl = `http://127.0.0.1:${(sso.address() as AddressInfo).port}/`;
  expect(await web('closed', { authUrl })).toMatchObject({ status: 200 });
  const status = async (path: string) => (await ask(world.port, { path })).status;
  expect([await status('/web'), await status('/closed')]).toEqual([200, 401]);
  const renewed = createStandInCertificate('b.test', new Date(), ['b.test']);
  for (let i = 0; i < 2; i += 1)
    expect((await send('PUT', '/cert', { certName: 'b.test' }, { body: renewed })).status).toBe(200);
  expect((await get('/metrics')).body['text']).toContain('web-be');
  expect(await call('/metrics')).toMatchObject({ status: 200 });
  while (users().length > 2) await sleep(20);
  const [master, worker] = users();
  expect(master).toBe(process.getuid?.());
  // Where it cannot be taken, everything else works all the same.
  expect(worker === 0).toBe(process.getuid?.() === 0 && !isPossible);
});

test('a user that cannot reach the sockets is not taken', async () => {
  const said: string[] = [];
  const logger = {
    ...silentLogger(),
    warn: (_text: string, fields: object) => said.push(JSON.stringify(fields)),
  };
  const found = await findWorkerUser({
    socket: world.file('var/run/x.sock'),
    logger: logger as unknown as ReturnType<typeof silentLogger>,
  });
  expect(found).toBeUndefined();
  expect(said).toHaveLength(process.getuid?.() === 0 ? 1 : 0);
});
