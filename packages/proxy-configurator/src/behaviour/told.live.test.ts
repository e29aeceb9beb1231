import { beforeAll, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { readProcesses } from '../core/haproxy-output/show-proc.js';
import { sendCommand } from '../haproxy/command-socket.js';
import { freePorts } from '../testing/live-haproxy.js';
import { useLiveProgram } from '../testing/live-program.js';
import type { RunningProxy } from '../testing/running-proxy.js';

/** What is written and not in force is told: in the answer, in status, in the log (once) and in a metric. */

const world = useLiveProgram();

interface Status {
  readonly services: readonly { readonly service: string; readonly warnings: readonly string[] }[];
  readonly rejected: readonly { readonly message: string }[];
}

interface Route {
  readonly reachable?: boolean;
  readonly problem?: string;
}

async function ready(proxy: RunningProxy, status = 200): Promise<void> {
  while ((await proxy.call('/readyz')).status !== status) await sleep(20);
}

function web(more: Parameters): Parameters {
  const { srcPort, ...others } = more;
  const port = srcPort === 'FREE' ? { srcPort: freePort } : srcPort === undefined ? {} : { srcPort };
  return { serviceName: 'web', servicePath: '/web', port: String(world.echo.port), ...others, ...port };
}

/** The port is a free one of this machine, put in when a test starts. */
const TCP = { reqMode: 'tcp', srcPort: 'FREE', servicePath: '' };
let freePort = '';
beforeAll(async () => {
  freePort = String((await freePorts(1))[0]);
});

/** Labels that are accepted and do nothing, or not what they say; the name that is told. */
const WARNED: readonly (readonly [Parameters, string])[] = [
  [{ Users: 'joe:secret' }, 'Users'],
  [{ servicedomain: 'a.test' }, 'servicedomain'],
  [{ userSecret: 'x' }, 'userSecret'],
  [{ 'port.3': '80' }, 'port.3'],
  [{ ServicePath: '/x' }, 'ServicePath'],
  [{ servicePath: 'web' }, 'servicePath'],
  [{ servicePath: '/web/*' }, 'servicePath'],
  [{ servicePath: '/web?x=1' }, 'servicePath'],
  [{ checkRise: '1' }, 'checkRise'],
  [{ servicePath: '/web#top' }, 'servicePath'],
  [{ servicePath: '/web//a' }, 'servicePath'],
  [{ servicePath: '/web/../a' }, 'servicePath'],
  [{ servicePath: 'https://acme.test/web' }, 'servicePath'],
  [{ servicePath: "'/web','/a'" }, 'servicePath'],
  [{ servicePathExclude: '/web/;v=1' }, 'servicePathExclude'],
  [{ serviceDomain: '.acme.test' }, 'serviceDomain'],
  [{ serviceDomain: 'a..test' }, 'serviceDomain'],
  [{ serviceHeader: 'X-Version=3' }, 'serviceHeader'],
  [{ users: 'joe:$apr1$abc$def', usersPassEncrypted: 'true' }, 'users'],
  [{ usersSecret: 'nobody' }, 'usersSecret'],
  [{ setResHeader: 'X-Frame-Options: DENY' }, 'setResHeader'],
  [{ addHeader: 'X-A 1' }, 'addHeader'],
  [{ compressionType: 'text/css' }, 'compressionType'],
  [{ ...TCP, users: 'joe:secret' }, 'users'],
  [{ ...TCP, verifyClientSsl: 'true' }, 'verifyClientSsl'],
  [{ httpsOnly: '"true"' }, 'httpsOnly'],
];

/** Labels that cannot be served at all. */
const REJECTED: readonly (readonly [Parameters, string])[] = [
  [{ port: '80000' }, 'port'],
  [{ backendExtra: 'nonsense here' }, 'backendExtra'],
  [{ setReqHeader: 'X-A %[nonsense]' }, 'setReqHeader'],
  [{ ...TCP, srcPort: 'eighty' }, 'srcPort'],
  [{ serverCa: 'nobody' }, 'serverCa'],
];

test('each wrong label of a service that is served is told four times', async () => {
  const proxy = await world.start();
  await ready(proxy);
  for (const [labels, name] of WARNED) {
    const parameters = web(labels);
    const { status, body } = await proxy.get('/reconfigure', parameters);
    const said = `label ${name}=`;
    const { services } = (await proxy.get('/status')).body as { services: { warnings: string[] }[] };
    await proxy.get('/reconfigure', parameters);
    const lines = proxy.log.filter(({ warning }) => String(warning).includes(said));
    const metrics = String((await proxy.call('/metrics')).body['text']);
    await proxy.get('/remove', { serviceName: 'web' });
    expect({
      labels,
      status,
      answer: String(body['Message']),
      isInStatus: services.some(({ warnings }) => warnings.some((one) => one.includes(said))),
      isInMetric: /docker_flow_proxy_warnings\{service="web"\} [1-9]/.test(metrics),
      hasSecret: lines.some(({ warning }) => String(warning).includes('secret,')),
    }).toEqual({
      labels,
      status: 200,
      answer: expect.stringContaining(said),
      isInStatus: true,
      isInMetric: true,
      hasSecret: false,
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines.map(({ warning }) => warning)).size).toBe(lines.length);
    (proxy.log as unknown[]).length = 0;
  }
});

test('each label that cannot be served is told four times, the reason once in the log', async () => {
  const proxy = await world.start();
  await ready(proxy);
  for (const [labels, name] of REJECTED) {
    const parameters = web(labels);
    const { status, body } = await proxy.get('/reconfigure', parameters);
    await proxy.get('/reconfigure', parameters);
    const { rejected } = (await proxy.get('/status')).body as { rejected: { message: string }[] };
    const metrics = String((await proxy.call('/metrics')).body['text']);
    await proxy.get('/remove', { serviceName: 'web' });
    expect({ labels, isRefused: status >= 400, answer: body['Message'] }).toEqual({
      labels,
      isRefused: true,
      answer: expect.stringContaining(name),
    });
    expect(rejected.map(({ message }) => message)).toEqual([body['Message']]);
    expect(metrics).toMatch(/docker_flow_proxy_rejected_service\{service="web",reason="[a-z]+"\} 1/);
    const lines = proxy.log.filter(({ message }) => message === 'Service is rejected');
    expect(lines.map(({ reason }) => reason)).toEqual([body['Message']]);
    (proxy.log as unknown[]).length = 0;
  }
});

test('a service that takes the path of a running one, and the one that loses it, are both told', async () => {
  const proxy = await world.start();
  await ready(proxy);
  await proxy.get('/reconfigure', web({ serviceName: 'shop_web', servicePath: '/shop' }));
  const { body } = await proxy.get('/reconfigure', web({ serviceName: 'bad_svc', servicePath: '/shop' }));
  expect(body['Message']).toContain('takes requests from shop_web');
  const { services } = (await proxy.get('/status')).body as {
    services: { service: string; warnings: string[] }[];
  };
  expect(services.map(({ service, warnings }) => [service, warnings])).toEqual([
    ['bad_svc', [expect.stringContaining('shop_web')]],
    ['shop_web', [expect.stringContaining('the service bad_svc comes first and takes all of them')]],
  ]);
  expect(proxy.log.filter(({ warning }) => warning).map(({ service }) => service)).toEqual([
    'bad_svc',
    'shop_web',
  ]);
  expect((await proxy.call('/metrics')).body['text']).toContain(
    'docker_flow_proxy_warnings{service="shop_web"} 1',
  );
});

test('a newcomer that takes a tcp port of a running service, and the one that loses it, are both told', async () => {
  const proxy = await world.start();
  await ready(proxy);
  const [srcPort = 0] = await freePorts(1);
  const onPort = { reqMode: 'tcp', servicePath: '', srcPort: String(srcPort) };
  await proxy.get('/reconfigure', web({ ...onPort, serviceName: 'mail' }));
  const group = web({ ...onPort, serviceName: 'bad_svc', serviceGroup: 'g' });
  expect((await proxy.get('/reconfigure', group)).body['Message']).toContain('takes the port from mail');
  const status = (await proxy.get('/status')).body as unknown as Status;
  expect(status.services).toMatchObject([
    { service: 'bad_svc', warnings: [expect.stringContaining('from mail')] },
  ]);
  expect(status.rejected).toMatchObject([
    { message: expect.stringContaining('taken by the tcp group g of the service bad_svc') },
  ]);
  const told = proxy.log.filter(({ level }) => level === 'warn').map(({ service }) => service);
  expect(told).toEqual(expect.arrayContaining(['bad_svc', 'mail']));
  // It has its port back as soon as the newcomer goes, and nothing is left to say.
  await proxy.get('/remove', { serviceName: 'bad_svc' });
  const later = (await proxy.get('/status')).body as unknown as Status;
  expect([later.services.map(({ service }) => service), later.rejected]).toEqual([['mail'], []]);
}, 30_000);

test('servers that cannot be reached are told with the reason, until they can', async () => {
  const proxy = await world.start();
  await ready(proxy);
  const [closed = 0] = await freePorts(1);
  await proxy.get('/reconfigure', web({ port: String(closed) }));
  await proxy.get('/reconfigure', web({ serviceName: 'well', servicePath: '/well' }));
  const routes = async (): Promise<readonly (Route | undefined)[]> => {
    const { services } = (await proxy.get('/status')).body as { services: { routes: Route[] }[] };
    return services.map((one) => one.routes[0]);
  };
  while ((await routes()).some((route) => route?.reachable === undefined)) await sleep(20);
  expect(await routes()).toMatchObject([
    { reachable: false, problem: expect.stringContaining(`port ${closed} of web (127.0.0.1) is closed`) },
    { reachable: true },
  ]);
  expect((await proxy.call('/metrics')).body['text']).toContain(
    `docker_flow_proxy_unreachable_backend{service="web",backend="web-be${closed}_0"} 1`,
  );
  // Another port is looked at at once.
  await proxy.get('/reconfigure', web({}));
  while ((await routes())[0]?.reachable !== true) await sleep(20);
}, 30_000);

test.each([
  ['EXTRA_FRONTEND', 'http-request set-heder X-A 1'],
  ['EXTRA_GLOBAL', 'frobnicate 1'],
  ['BIND_PORTS', '700000'],
  ['SSL_BIND_OPTIONS', 'no-nonsense'],
  ['SSL_BIND_CIPHERS', 'NONSENSE'],
  ['CONNECTION_MODE', 'http-nonsense'],
])(
  'what HAProxy refuses of %s=%s is told everywhere, and no service is to blame',
  async (variable, value) => {
    const [secure = 0] = await freePorts(1);
    const proxy = await world.start({ DEFAULT_PORTS: `${world.port},${secure}:ssl`, [variable]: value });
    const { body } = await proxy.get('/reconfigure', web({}));
    await ready(proxy, 503);
    const { rejected } = (await proxy.get('/status')).body as unknown as Status;
    const lines = proxy.log.filter(({ level }) => level === 'error');
    expect({
      answer: body['Message'],
      ready: JSON.stringify((await proxy.call('/readyz')).body),
      log: lines.map(({ reason }) => String(reason)).join(),
      status: JSON.stringify((await proxy.get('/status')).body),
      rejected,
    }).toEqual({
      answer: expect.stringContaining(variable),
      ready: expect.stringContaining(variable),
      log: expect.stringContaining(variable),
      status: expect.stringContaining(variable),
      rejected: [],
    });
  },
);

test('a HAProxy that is stopped is not ready, and is again when it goes on', async () => {
  const proxy = await world.start();
  await ready(proxy);
  const socket = world.file('var/run/haproxy-master.sock');
  const [worker = 0] = readProcesses(await sendCommand(socket, 'show proc', 5_000))?.workers ?? [];
  process.kill(worker, 'SIGSTOP');
  try {
    await ready(proxy, 503);
    expect((await proxy.call('/readyz')).body['message']).toContain('does not answer');
  } finally {
    process.kill(worker, 'SIGCONT');
  }
  await ready(proxy);
});
