import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import { fuzzParameters, fuzzTimeoutMs } from '@docker-flow/testkit';
import { changedPart } from '../core/changes/changed-part.js';
import { findPortConflicts } from '../core/entry-ports/entry-port-conflicts.js';
import type { Settings } from '../core/model/settings.js';
import { ask, checkConfig, makeRoot, writeConfig } from '../testing/live-haproxy.js';
import { useLiveProgram } from '../testing/live-program.js';
import { hostileService } from '../testing/hostile-values.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/** A change is checked in part before HAProxy loads it; what only the whole tells hurts nobody. */

jest.setTimeout(fuzzTimeoutMs(120_000));

const world = useLiveProgram();
let place: ReturnType<typeof makeRoot>;
let settings: Settings;
beforeAll(() => {
  place = makeRoot();
  settings = settingsOf(place.root, { USERS: 'admin:secret' });
});
afterAll(() => place.remove());

function service(serviceName: string, more: Parameters = {}): Parameters {
  const port = String(world.echo.port);
  return { serviceName, servicePath: `/${serviceName}`, port, ...more };
}

const NEIGHBOURS: readonly Parameters[] = [
  { serviceName: 'aa', servicePath: '/aa,/shared', port: '80' },
  { serviceName: 'zz', serviceDomain: '*.zz.test', port: '81', users: 'u:p' },
  { serviceName: 'mm', reqMode: 'tcp', srcPort: '9000', port: '9001' },
  ...Array.from({ length: 12 }, (_, i) => ({ serviceName: `n${i}`, servicePath: `/n${i}`, port: '80' })),
];

test('of any labels the part says what the whole says', () => {
  const neighbours = NEIGHBOURS.map((one) => routedService(one, settings));
  const before = renderServices(neighbours, settings);
  let compared = 0;
  fc.assert(
    fc.property(hostileService('bad'), (parameters) => {
      if (parseProxyLabels(parameters, settings.labels).refusal) return;
      const bad = routedService(parameters, settings);
      if (findPortConflicts([...neighbours, bad], settings).size > 0) return;
      const next = renderServices([...neighbours, bad], settings);
      const part = changedPart(before, next);
      if (!part) return;
      compared += 1;
      const { ok, output } = checkConfig(writeConfig(part, settings));
      expect({ ok, output }).toMatchObject({ ok: checkConfig(writeConfig(next, settings)).ok });
    }),
    fuzzParameters(60),
  );
  expect(compared).toBeGreaterThan(0);
});

/** Two sections cannot have one number, which each of them alone may have. */
const NUMBER = { backendExtra: 'id 4711' };

async function statusOf(path: string): Promise<number> {
  return (await ask(world.port, { path })).status;
}

test('a reload that HAProxy refuses costs the service that is to blame its change, and nobody a request', async () => {
  const proxy = await world.start();
  const first = [service('a', NUMBER), ...Array.from({ length: 40 }, (_, i) => service(`other${i}`))];
  const answers = await Promise.all(first.map((one) => proxy.get('/reconfigure', one)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const before = readFileSync(world.file('cfg/haproxy.cfg'), 'utf8');

  const over = new AbortController();
  const statuses: number[] = [];
  const traffic = (async () => {
    while (!over.signal.aborted) {
      statuses.push(await statusOf('/a').catch(() => 0));
      await sleep(1);
    }
  })();
  for (let round = 0; round < 3; round += 1) {
    const refused = await proxy.get(
      '/reconfigure',
      service('same', { ...NUMBER, servicePath: `/same${round}` }),
    );
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([500, expect.stringMatching(/id.*4711/)]);
    expect(readFileSync(world.file('cfg/haproxy.cfg'), 'utf8')).toBe(before);
    expect((await proxy.get('/reconfigure', service(`more${round}`))).status).toBe(200);
    expect(await statusOf(`/more${round}`)).toBe(200);
    expect((await proxy.get('/remove', { serviceName: `more${round}` })).status).toBe(200);
  }
  over.abort();
  await traffic;
  expect(new Set(statuses)).toEqual(new Set([200]));
  // HAProxy itself had to say so, and not the check: once after each reload, however often the service asks again.
  const said = () => proxy.log.filter(({ message }) => message.includes('checked in part')).length;
  expect(said()).toBe(3);
  for (let times = 0; times < 4; times += 1)
    expect((await proxy.get('/reconfigure', service('same', NUMBER))).status).toBe(500);
  expect(said()).toBe(4);

  const both = await Promise.all([
    proxy.get('/reconfigure', service('same', NUMBER)),
    proxy.get('/reconfigure', service('good')),
  ]);
  expect(both.map(({ status }) => status)).toEqual([500, 200]);
  expect([await statusOf('/a'), await statusOf('/good'), await statusOf('/same')]).toEqual([200, 200, 503]);
});

test('a configuration that a life has left in the middle of a refused reload gives way to the one before', async () => {
  const first = await world.start();
  expect((await first.get('/reconfigure', service('a'))).status).toBe(200);
  await first.end();
  const good = readFileSync(world.file('cfg/haproxy.cfg'), 'utf8');
  writeFileSync(world.file('cfg/haproxy.cfg.previous'), good);
  writeFileSync(world.file('cfg/haproxy.cfg'), `${good}\nnonsense here\n`);
  const second = await world.start();
  while ((await statusOf('/a').catch(() => 0)) !== 200) await sleep(10);
  const resumed = 'The last configuration runs until the services are known';
  while (!second.log.some(({ message }) => message === resumed)) await sleep(10);
  expect(second.log.map(({ message }) => message)).toContain('The last configuration cannot be used');
});
