import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readEvents, type ServerEvent } from '@docker-flow/daemon/http/event-source';
import type { Page } from './api/page-files.js';
import { sampleState } from './testing/sample-state.js';
import { startSimulatedLoop, type SimulatedLoop } from './testing/simulated-loop.js';
import { startDashboard, type StartedDashboard } from './testing/start-dashboard.js';

const page: Page = {
  files: new Map([['', { type: 'text/html', content: Buffer.from('<p>'), etag: '"1"' }]]),
  policy: "default-src 'none'",
};
let loop: SimulatedLoop;
let dashboard: StartedDashboard;

beforeAll(async () => {
  loop = await startSimulatedLoop(sampleState(Date.now()));
  dashboard = await startDashboard({ addresses: loop.addresses, page, pollInterval: '50ms' });
});

afterAll(async () => {
  await dashboard.stop();
  await loop.close();
});

interface Told {
  readonly set: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly gone: readonly string[];
}

/** Listens until the predicate holds of everything that was told so far; answers that, and the events. */
async function listen(
  holds: (state: ReadonlyMap<string, Readonly<Record<string, unknown>>>) => boolean,
  query = '',
  onGreeted: () => void = () => undefined,
): Promise<readonly ServerEvent[]> {
  const stop = new AbortController();
  const state = new Map<string, Readonly<Record<string, unknown>>>();
  const events: ServerEvent[] = [];
  await readEvents({
    url: `${dashboard.url}/v1/events${query}`,
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]),
    silenceMs: 20_000,
    onEvent(event) {
      events.push(event);
      // Whoever connects is greeted with what is there, then with a heartbeat.
      if (event.event === 'heartbeat') {
        onGreeted();
        return;
      }
      const { set, gone } = JSON.parse(event.data) as Told;
      for (const [key, value] of Object.entries(set)) state.set(key, value);
      for (const key of gone) state.delete(key);
      if (holds(state)) stop.abort();
    },
  });
  expect(stop.signal.aborted).toBe(true);
  return events;
}

test('whoever connects is told the whole, then what changes', async () => {
  const isUp = listen((state) => state.get('service/shop_web')?.['firing'] === 1);
  expect((await isUp)[0]?.event).toBe('whole');
  let later: Promise<readonly ServerEvent[]> = Promise.resolve([]);
  await new Promise<void>((resolve) => {
    later = listen((state) => state.get('service/shop_db')?.['wanted'] === 2, '', resolve);
  });
  loop.change((state) => ({
    ...state,
    services: state.services.map((one) => (one.name === 'shop_db' ? { ...one, wanted: 2 } : one)),
  }));
  const changes = (await later).filter(({ event }) => event === 'change');
  const told = changes.map(({ data }) => Object.keys((JSON.parse(data) as Told).set));
  expect(
    told.some((keys) => keys.includes('service/shop_db') && !keys.includes('service/flow_monitor')),
  ).toBe(true);
});

test('a source that is killed is told as away, and all others stay as they are', async () => {
  await loop.kill('monitor');
  const events = await listen((state) => state.get('source/monitor')?.['state'] === 'away');
  const told = events
    .filter(({ event }) => event !== 'heartbeat')
    .map(({ data }) => (JSON.parse(data) as Told).set);
  const sources = Object.assign({}, ...told) as Record<string, { state?: string }>;
  const states = Object.entries(sources).filter(([key]) => key.startsWith('source/'));
  expect(states.filter(([, { state }]) => state !== 'up').map(([key]) => key)).toEqual(['source/monitor']);
  await loop.revive('monitor');
  await listen((state) => state.get('source/monitor')?.['state'] === 'up');
});

test('who has seen something is told the difference, after another start the whole', async () => {
  const response = await fetch(`${dashboard.url}/v1/events`);
  const reader = response.body!.getReader();
  let text = '';
  while (!/id: (\S+)/.test(text)) text += Buffer.from((await reader.read()).value).toString();
  await reader.cancel();
  const [, id = ''] = /id: (\S+)/.exec(text)!;
  const again = await listen(() => true, `?since=${id}`);
  expect(again[0]?.event).toBe('change');
  expect((await listen(() => true, '?since=00000000-1'))[0]?.event).toBe('whole');
});

async function get(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(dashboard.url + path);
  return { status: response.status, body: await response.json() };
}

test('a service is told with each label, its routes, targets and alerts', async () => {
  await listen((state) => state.get('service/shop_web')?.['firing'] === 1);
  const { body } = await get('/v1/services/shop_web');
  expect(body).toMatchObject({
    name: 'shop_web',
    servers: [{ server: 'shop_web_0', state: 'UP' }, {}, {}, {}, {}],
    alerts: [{ name: 'slow', state: 'firing', value: '0.947', delivered: [{ receivers: ['scale'] }] }],
    scaling: { min: { value: 2 }, max: { value: 8 } },
  });
  expect((await get('/v1/services/nobody')).status).toBe(404);
});

test('a time line has counts, load, alerts and decisions', async () => {
  const { body } = await get('/v1/services/shop_web/timeline?range=3600');
  expect(body).toMatchObject({
    min: 2,
    max: 8,
    alerts: [{ state: 'pending' }, { state: 'firing' }],
    decisions: [
      { from: 3, to: 6 },
      { from: 2, to: 3 },
    ],
  });
  expect((await get('/v1/services/shop_web/timeline?range=1')).status).toBe(400);
});

test('the proxy explains, the catalogue describes', async () => {
  expect((await get('/v1/explain?host=&path=/x')).body).toMatchObject({
    taken: { service: 'shop_web' },
  });
  expect((await get('/v1/labels/servicePath.3')).body).toMatchObject({ entries: [{ name: 'servicePath' }] });
  expect((await get('/v1/labels/nothing')).status).toBe(404);
});

test('nothing can be changed, and the page is under its policy', async () => {
  const { status, headers } = await fetch(`${dashboard.url}/v1/state`, { method: 'POST' });
  expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  const html = await fetch(`${dashboard.url}/`);
  expect(html.headers.get('content-security-policy')).toBe(page.policy);
  expect((await fetch(`${dashboard.url}/`, { headers: { 'if-none-match': '"1"' } })).status).toBe(304);
  expect((await fetch(dashboard.url, { redirect: 'manual' })).headers.get('location')).toBe('/flow/');
});
