import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, jest, test } from '@jest/globals';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { fuzzParameters, fuzzTimeoutMs } from '@docker-flow/testkit';
import { ask } from '../testing/live-haproxy.js';
import { useLiveProgram } from '../testing/live-program.js';
import { haproxiesOf, startProxyProcess, type ProxyProcess } from '../testing/proxy-process.js';

/** What a container does to the program: SIGTERM, SIGKILL, a disk without room. In a process of its own. */

jest.setTimeout(fuzzTimeoutMs(180_000));

const world = useLiveProgram();

async function start(
  more: Readonly<Record<string, string>> = {},
  through?: readonly string[],
): Promise<ProxyProcess> {
  const proxy = await startProxyProcess({
    root: world.root,
    environment: { DEFAULT_PORTS: String(world.port), ...more },
    ...(through && { through }),
  });
  world.cleanUp(async () => {
    await proxy.end('SIGKILL');
    await endHaproxies();
  });
  return proxy;
}

/** A container takes everything with it; here what a killed program leaves behind has to be ended. */
async function endHaproxies(): Promise<void> {
  for (;;) {
    const left = haproxiesOf(world.root);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
    await sleep(10);
  }
}

/** A worker whose master was killed while it still loads ends by itself once it has loaded. */
async function haproxiesLeft(): Promise<readonly number[]> {
  const deadline = performance.now() + 10_000;
  while (haproxiesOf(world.root).length > 0 && performance.now() < deadline) await sleep(10);
  return haproxiesOf(world.root);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function service(name: string, more: Readonly<Record<string, string>> = {}) {
  const port = String(world.echo.port);
  return { serviceName: name, servicePath: `/${name}`, outboundHostname: '127.0.0.1', port, ...more };
}

async function statusOf(name: string): Promise<number> {
  return ask(world.port, { path: `/${name}` }).then(
    ({ status }) => status,
    () => 0,
  );
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await sleep(10);
}

/** Numbers from 0 to 1, the same ones for a seed. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const { numRuns: ROUNDS, seed } = fuzzParameters(20);
/** Processes take seconds to start on a busy machine. */
const KILLS = Math.ceil(ROUNDS / 5);

test('SIGTERM at any moment of a change leaves no HAProxy behind', async () => {
  const chance = chances(seed);
  for (let round = 0; round < ROUNDS; round += 1) {
    // In this process, which is all that differs: the signal aborts what `end` aborts.
    const proxy = await world.start();
    // The first ones end it while HAProxy is being started for the first time.
    if (round >= 5) await until(async () => (await statusOf('none')) === 503);
    const changes = Array.from({ length: 4 }, (_, index) =>
      proxy
        .get('/reconfigure', service(`s${index}`, { servicePath: `/s${index},/${round}` }))
        .catch(() => undefined),
    );
    await sleep(chance() * 400);
    await proxy.end();
    expect({ round, left: await haproxiesLeft() }).toEqual({ round, left: [] });
    await Promise.all(changes);
  }
});

test('SIGKILL loses no service whose request was answered', async () => {
  const chance = chances(seed + 1);
  const answered = new Set<string>();
  for (let round = 0; round < KILLS; round += 1) {
    const proxy = await start();
    await proxy.answers();
    for (let count = 0; count < 2; count += 1) {
      const name = `s${round}x${count}`;
      expect((await proxy.get('/reconfigure', service(name)))?.status).toBe(200);
      answered.add(name);
    }
    // Another one may be under way.
    const late = proxy.get('/reconfigure', service(`late${round}`));
    await sleep(chance() * 30);
    await proxy.end('SIGKILL');
    if ((await late)?.status === 200) answered.add(`late${round}`);
    await endHaproxies();
    const { services } = JSON.parse(readFileSync(world.file('cfg/services.json'), 'utf8')) as {
      services: readonly { parameters: { serviceName: string } }[];
    };
    const kept = services.map(({ parameters }) => parameters.serviceName);
    expect(kept).toEqual(expect.arrayContaining([...answered]));
  }
  await start();
  for (const name of answered) await until(async () => (await statusOf(name)) === 200);
});

test('what a write that was cut off has left is gone after the start', async () => {
  const cut = [
    'cfg/.services.json.0123456789ab.tmp',
    'cfg/.crt-list.txt.0123456789ab.tmp',
    'cfg/tables/.replicas.map.0123456789ab.tmp',
    'certs/.a.pem.0123456789ab.tmp',
    'var/run/.scaler-token.0123456789ab.tmp',
  ];
  for (const name of cut) {
    writeFileSync(world.file(name), 'half');
    utimesSync(world.file(name), 1, 1);
  }
  await start();
  await until(async () => (await statusOf('none')) === 503);
  // Not looked for by its end: the program may be writing at this moment.
  await until(() => Promise.resolve(!cut.some((name) => existsSync(world.file(name)))));
  expect(cut.filter((name) => existsSync(world.file(name)))).toEqual([]);
});

/** A folder on a disk of its own, which is full: root may mount one in a namespace of its own. */
const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test('a restart on a full disk runs the last configuration', async () => {
  // Only root may mount one; CI is root.
  if (!canMount) return;
  const scaler = { SCALER_ADDRESS: 'http://127.0.0.1:1', SCALER_TOKEN: 'sesame-sesame' };
  const first = await start(scaler);
  await first.answers();
  expect((await first.get('/reconfigure', service('web')))?.status).toBe(200);
  const asleep = service('nap', { replicas: '0', wakeOnRequest: 'true', wakeWait: '1' });
  expect((await first.get('/reconfigure', asleep))?.status).toBe(200);
  expect(await first.end('SIGTERM')).toBeLessThan(8_000);
  expect(await haproxiesLeft()).toEqual([]);

  const fill = `cp -a "$0" "$0.kept" && mount -t tmpfs -o size=1m tmpfs "$0" && cp -a "$0.kept/." "$0" && rm -r "$0.kept"
    head -c 2m /dev/zero > "$0/full" 2> /dev/null; exec "$@"`;
  const proxy = await start({ ...scaler, SCALER_TOKEN: 'another-one' }, [
    'unshare',
    '--mount',
    'sh',
    '-c',
    fill,
    world.root,
  ]);
  await proxy.answers();
  await until(async () => (await statusOf('web')) === 200);
  expect(proxy.output()).toContain('ENOSPC');
  // What is asked for now cannot be made live: it is told, and what runs goes on.
  const refused = await proxy.get('/reconfigure', service('more'));
  expect(refused?.status).toBe(500);
  expect(refused?.body).toContain('ENOSPC');
  expect(await statusOf('web')).toBe(200);
});
