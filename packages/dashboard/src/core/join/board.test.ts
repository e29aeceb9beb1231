import { expect, test } from '@jest/globals';
import { listenerPieces } from '../readings/listener.js';
import { MonitorStatus, monitorReading } from '../readings/monitor.js';
import { ProxyStatus, proxyReading } from '../readings/proxy.js';
import type { ListenerReading } from '../readings/listener.js';
import type { PrometheusReading, Rule } from '../readings/prometheus.js';
import { createBoard } from './board.js';

const NAMES = ['listener', 'proxy', 'monitor', 'prometheus'] as const;
const board = () => createBoard(new Set(NAMES), 0);

function listener(services: Readonly<Record<string, Readonly<Record<string, string>>>>): ListenerReading {
  const rows = Object.entries(services).map(([serviceName, more]) => ({ serviceName, ...more }));
  return { services: listenerPieces(rows, []), nodes: [], ready: true, problems: [], waiting: 0 };
}

const proxy = (services: readonly string[], rejected: readonly string[] = []) =>
  proxyReading(
    ProxyStatus.parse({
      haproxy: { version: '2.6', running: true },
      services: services.map((service) => ({
        service,
        aclName: service,
        routes: [
          { mode: 'http', paths: [`/${service}`], domains: [], port: 80, backend: `${service}-be80_0` },
        ],
      })),
      rejected: rejected.map((service) => ({
        service,
        reason: 'labels',
        message: `service ${service}: label port="x" is not a port; expected a number`,
      })),
    }),
  );

const monitor = (service: string) =>
  monitorReading(
    MonitorStatus.parse({
      prometheus: { running: true },
      lastReload: { result: 'live' },
      services: [
        {
          serviceName: service,
          alerts: [{ alertName: 'slow', alertNameFormatted: `${service}_slow`, expression: 'x' }],
        },
      ],
    }),
  );

function prometheus(state: string): PrometheusReading {
  const rule: Rule = {
    name: 'web_slow',
    service: undefined,
    expression: 'x',
    forSeconds: 30,
    state,
    error: '',
  };
  return { services: new Map(), rules: new Map([['web_slow', rule]]), loop: {} };
}

test('a service is joined by its name, and a change tells only what it changed', () => {
  const one = board();
  one.read('listener', listener({ web: { port: '80' }, db: {} }), 1);
  const change = one.read('proxy', proxy(['web']), 2);
  expect(Object.keys(change?.set ?? {}).filter((key) => key.startsWith('service/'))).toEqual(['service/web']);
  expect(change?.set['service/web']).toMatchObject({ routes: ['/web'], flags: [] });
  expect(one.read('proxy', proxy(['web']), 3)).toBeUndefined();
});

test('a rejected service is a problem since it was first seen, until it is gone', () => {
  const one = board();
  one.read('listener', listener({ web: { port: 'x' } }), 1);
  one.read('proxy', proxy([], ['web']), 5);
  const problems = () =>
    Object.entries(one.document.whole().set).filter(([key]) => key.startsWith('problem/'));
  expect(problems().map(([, problem]) => problem)).toMatchObject([
    { service: 'web', label: 'port', value: 'x', kind: 'rejected', sinceMs: 5 },
  ]);
  one.read('listener', listener({ web: { port: 'x', servicePath: '/' } }), 9);
  expect(problems().map(([, problem]) => problem)).toMatchObject([{ sinceMs: 5 }]);
  expect(one.document.whole().set['station/proxy']).toMatchObject({ health: 'warning' });
  one.read('proxy', proxy(['web']), 10);
  expect(problems()).toEqual([]);
});

test('a variable that HAProxy refuses makes the proxy red, and is named', () => {
  const one = board();
  const refused = ProxyStatus.parse({
    haproxy: { running: false, problem: 'variable EXTRA_GLOBAL: no such' },
  });
  one.read('proxy', proxyReading(refused), 1);
  expect(one.document.whole().set['station/proxy']).toMatchObject({
    health: 'bad',
    reasons: ['HAProxy does not run', 'variable EXTRA_GLOBAL: no such'],
  });
});

test('what is rejected of a program itself is a problem of no service, since it was first seen', () => {
  const one = createBoard(new Set([...NAMES, 'alertmanager']), 0);
  const refused = ProxyStatus.parse({
    haproxy: { running: true, problem: 'variable EXTRA_GLOBAL: no such' },
  });
  one.read('proxy', proxyReading(refused), 3);
  // Alerts without a service are under the empty name, too.
  const unnamed = new Map([['', { alerts: [] }]]);
  one.read('alertmanager', { services: unnamed, rules: new Map() }, 8);
  const problems = Object.entries(one.document.whole().set).filter(([key]) => key.startsWith('problem/'));
  expect(problems.map(([, problem]) => problem)).toMatchObject([
    { service: '', source: 'proxy', kind: 'rejected', text: 'variable EXTRA_GLOBAL: no such', sinceMs: 3 },
  ]);
  expect(one.document.whole().set['station/proxy']).toMatchObject({
    health: 'bad',
    facts: expect.arrayContaining([{ label: 'rejected', value: '0' }]),
  });
});

test('a rule that begins to fire reaches the service whose alert it is', () => {
  const one = board();
  one.read('monitor', monitor('web'), 1);
  one.read('prometheus', prometheus('inactive'), 1);
  const change = one.read('prometheus', prometheus('firing'), 2);
  expect(change?.set['service/web']).toMatchObject({ firing: 1, flags: ['alerting', 'no-route'] });
});

test('a source that is lost keeps what it said, and says since when', () => {
  const one = board();
  one.read('listener', listener({ web: {} }), 1);
  const lost = one.lost('listener', 'ECONNREFUSED', 7);
  expect(lost?.set['source/listener']).toEqual({
    name: 'listener',
    state: 'away',
    sinceMs: 7,
    reason: 'ECONNREFUSED',
  });
  expect(lost?.gone).toEqual([]);
  expect(one.document.whole().set['service/web']).toBeDefined();
  expect(one.lost('listener', 'ECONNREFUSED', 9)).toBeUndefined();
  expect(one.unchanged('listener', 11)?.set['source/listener']).toMatchObject({ state: 'up', sinceMs: 11 });
});

test('a service that nobody knows any more is gone with its problems and routes', () => {
  const one = board();
  one.read('listener', listener({ web: {} }), 1);
  one.read('proxy', proxy(['web'], ['web']), 1);
  one.read('proxy', proxy([]), 2);
  const { gone = [] } = one.read('listener', listener({}), 3) ?? {};
  expect(gone).toEqual(['service/web']);
  expect(Object.keys(one.document.whole().set).filter((key) => /^(service|problem|route)/.test(key))).toEqual(
    [],
  );
});

test('a source without an address is off, and not missed', () => {
  expect(board().document.whole().set).toMatchObject({
    'source/scaler': { state: 'off' },
    'station/scaler': { health: 'off' },
    'station/proxy': { health: 'waiting' },
  });
});
