import { describe, expect, test } from '@jest/globals';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { Registry } from 'prom-client';
import request from 'supertest';
import { buildServiceRecord } from '../core/services/service-record.js';
import { createMonitorMetrics } from '../metrics.js';
import { createInstallReport } from '../services/install-report.js';
import { createServiceChanges } from '../services/service-changes.js';
import { createServiceRequests, type NotifiedFeed } from '../services/service-requests.js';
import { fakeWorld } from '../testing/fake-installation.js';
import { recordSettings } from '../testing/world.js';
import { API, openApiDocument } from './openapi.js';
import { SCHEMAS } from './openapi-schemas.js';
import { alertNamesakes } from '../core/services/service-warnings.js';
import { createRoutes, ROUTES } from './routes.js';
import { shortcutList, stateStatus } from './status.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

async function world({
  labels = '',
  nodeLabels = '',
  token,
}: { labels?: string; nodeLabels?: string; token?: string } = {}) {
  const { prometheus, installer } = fakeWorld();
  const registry = new Registry();
  const metrics = createMonitorMetrics(registry);
  const settings = recordSettings(labels === '' ? {} : { DF_SCRAPE_TARGET_LABELS: labels });
  const report = createInstallReport({ metrics, logger: silentLogger() });
  const changes = createServiceChanges({ installer, report, logger: silentLogger() });
  await changes.load();
  const stop = new AbortController();
  const running = changes.actor.run(stop.signal);
  const noted: [string, boolean][] = [];
  const feed: NotifiedFeed = { noted: (name, parameters) => noted.push([name, parameters !== undefined]) };
  let notRunning: string | undefined;
  const app = createHttpApp({
    logger: silentLogger(),
    registry,
    notReady: () => undefined,
    routes: createRoutes({
      requests: createServiceRequests({
        changes,
        installer,
        describe: (parameters) => buildServiceRecord(parameters, settings),
        services: feed,
        nodes: feed,
        metrics,
        nodeTargetLabels: nodeLabels === '' ? [] : nodeLabels.split(','),
      }),
      picksTargetLabels: labels !== '',
      status: () =>
        stateStatus(changes.state(), {
          rejectedParts: installer.rejectedParts(),
          lastErrors: new Map(),
        }),
      shortcuts: () => shortcutList(settings.shortcuts),
      contextOf: (record) => ({
        moreWarnings: alertNamesakes(changes.state(), record),
        rejectedVariables: [],
      }),
      token,
      logger: silentLogger(),
      notRunning: () => notRunning,
    }),
  });
  return {
    app,
    prometheus,
    noted,
    stopPrometheus: () => (notRunning = 'it has ended'),
    get: async (path: string, query: Record<string, string> = {}): Promise<Answer> =>
      request(app)
        .get(API + path)
        .query(query),
    end: async () => {
      stop.abort();
      await running;
    },
  };
}

test('with a token only health checks are answered without it', async () => {
  const { app, get, end } = await world({ token: 'secret' });
  for (const path of ['/reconfigure', '/remove', '/node/remove', '/status', '/shortcuts'])
    expect((await get(path, { serviceName: 'a', scrapePort: '1' })).status).toBe(401);
  expect((await get('/ping')).status).toBe(200);
  expect((await request(app).get('/metrics')).status).toBe(200);
  const shown = await request(app).get(`${API}/status`).auth('any', 'secret');
  expect(shown.body).toMatchObject({ services: [] });
  await end();
});

describe('reconfigure', () => {
  test('tells the caller that the job was rejected, with the reason', async () => {
    const { get, end } = await world();
    const answer = await get('/reconfigure', { serviceName: 's', scrapePort: '1', metricsPath: '/REJECTED' });
    expect(answer.body).toMatchObject({
      Status: 200,
      Message: 'the scrape job is rejected: contains REJECTED',
      Warnings: ['the scrape job is rejected: contains REJECTED'],
    });
    await end();
  });

  test('answers in the form that clients of the original decode', async () => {
    const { get, end } = await world({ labels: 'env' });
    const answer = await get('/reconfigure', {
      serviceName: 'my-service',
      scrapePort: '1234',
      metricsPath: '/m?a=1&b=<2>',
      scrapeInterval: '15s',
      scrapeTimeout: '11s',
      scrapeType: 'static_configs',
      env: 'prod',
      replicas: '3',
      nodeInfo: '[["n1","10.0.0.1","id1"]]',
      alertName: 'my-alert',
      alertIf: '@service_mem_limit:0.8',
      alertFor: '30s',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body).toEqual({
      Status: 200,
      Message: '',
      Alerts: [
        {
          alertAnnotations: { summary: 'Memory of the service my-service is over 0.8' },
          alertFor: '30s',
          alertIf:
            'container_memory_usage_bytes{container_label_com_docker_swarm_service_name="my-service"}/container_spec_memory_limit_bytes{container_label_com_docker_swarm_service_name="my-service"} > 0.8',
          alertLabels: { receiver: 'system', service: 'my-service' },
          alertName: 'my-alert',
          alertPersistent: false,
          AlertNameFormatted: 'myservice_myalert',
          serviceName: 'my-service',
          replicas: 3,
        },
      ],
      metricsPath: '"/m?a=1\\u0026b=\\u003c2\\u003e"',
      scrapeInterval: '"15s"',
      scrapeLabels: { env: 'prod' },
      scrapePort: '1234',
      scrapeTimeout: '"11s"',
      scrapeType: 'static_configs',
      serviceName: 'my-service',
      nodeInfo: [['n1', '10.0.0.1', 'id1']],
    });
    await end();
  });

  test('shows empty scrapeLabels only with nodeInfo, and no job without a port', async () => {
    const { get, end } = await world({ labels: 'env' });
    const nodeInfo = '[["n1","10.0.0.1","id1"]]';
    const withTasks = await get('/reconfigure', { serviceName: 'a', scrapePort: '1', nodeInfo });
    expect(withTasks.body).toHaveProperty('scrapeLabels', {});
    const alone = await get('/reconfigure', { serviceName: 'a', scrapePort: '1' });
    expect(alone.body).not.toHaveProperty('scrapeLabels');
    const none = await get('/reconfigure', {
      serviceName: 'a',
      scrapePort: 'abc',
      nodeInfo,
      metricsPath: '/m',
      env: 'x',
    });
    const told =
      'service a: label scrapePort="abc" is not a port; the service is not scraped; expected a port number from 1 to 65535';
    expect(none.body).toEqual({
      Status: 200,
      Message: told,
      Warnings: [told],
      Alerts: [],
      scrapeType: '',
      serviceName: 'a',
      metricsPath: '"/m"',
    });
    await end();
  });

  test('tells of rejected alerts and dropped values, and still succeeds', async () => {
    const { get, end } = await world();
    const { status, body } = await get('/reconfigure', {
      serviceName: 'a',
      scrapePort: '1',
      scrapeInterval: 'soon',
      'alertName.1': 'bad',
      'alertIf.1': 'REJECTED',
      'alertName.2': 'good',
      'alertIf.2': 'up',
      'alertLabels.2': 'nolabel',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      Message: expect.stringContaining('bad'),
      Alerts: [{ alertName: 'good' }],
      Rejected: [{ alertName: 'bad', reason: 'contains REJECTED' }],
      Warnings: [
        expect.stringContaining('scrapeInterval="soon"'),
        expect.stringContaining('alertLabels.2="nolabel"'),
      ],
    });
    expect(body).not.toHaveProperty('scrapeInterval');
    await end();
  });

  test.each<[string, Record<string, string>]>([
    ['no name', { scrapePort: '1' }],
    ['an empty name', { serviceName: '' }],
    ['a path as a name', { serviceName: '../../x' }],
  ])('with %s is rejected and changes nothing', async (_what, query) => {
    const { get, prometheus, noted, end } = await world();
    for (const path of ['/reconfigure', '/remove']) {
      const { status, body } = await get(path, query);
      expect(status).toBe(400);
      expect(body).toEqual({
        Status: 400,
        Message: expect.stringContaining('serviceName'),
        Alerts: [],
        scrapeType: '',
        serviceName: '',
      });
    }
    expect([prometheus.reloads, noted]).toEqual([0, []]);
    await end();
  });

  test('says 500 in status line and body when Prometheus does not run it', async () => {
    const { get, prometheus, end } = await world();
    prometheus.answer = { kind: 'failed', reason: 'Prometheus is not running' };
    const { status, body } = await get('/reconfigure', { serviceName: 'a', scrapePort: '1' });
    expect([status, body]).toMatchObject([
      500,
      { Status: 500, Message: 'Prometheus is not running', serviceName: 'a', scrapePort: '1' },
    ]);
    await end();
  });

  test('takes a form in the body, but the URL wins', async () => {
    const { app, end } = await world();
    const { body } = (await request(app)
      .post(`${API}/reconfigure?serviceName=url`)
      .type('form')
      .send({ serviceName: 'body', scrapePort: '80' })) as Answer;
    expect(body).toMatchObject({ serviceName: 'url', scrapePort: '80' });
    await end();
  });

  test('as a dry run returns the rules and installs nothing', async () => {
    const { get, prometheus, noted, end } = await world();
    const { body } = await get('/reconfigure', {
      serviceName: 'a',
      scrapePort: '1',
      alertName: 'x',
      alertIf: 'up',
      dryRun: 'true',
    });
    expect(body).toMatchObject({
      Status: 200,
      DryRun: true,
      scrapePort: '1',
      Rules: { groups: [{ name: 'alert.rules', rules: [{ alert: 'a_x', expr: 'up' }] }] },
    });
    expect([prometheus.reloads, noted, (await get('/status')).body]).toMatchObject([0, [], { services: [] }]);
    await end();
  });
});

describe('remove', () => {
  test('shows the job and the alerts that went', async () => {
    const { get, noted, end } = await world();
    await get('/reconfigure', {
      serviceName: 'web',
      scrapePort: '80',
      metricsPath: '/m',
      alertName: 'a',
      alertIf: 'up',
    });
    const { body } = await get('/remove', { serviceName: 'web' });
    expect(body).toMatchObject({
      Status: 200,
      Alerts: [{ AlertNameFormatted: 'web_a' }],
      serviceName: 'web',
      scrapePort: '80',
      metricsPath: '"/m"',
    });
    expect(noted).toEqual([
      ['web', true],
      ['web', false],
    ]);
    await end();
  });

  test('of an unknown service is no error', async () => {
    const { get, prometheus, end } = await world();
    const { body } = await get('/remove', { serviceName: 'ghost' });
    expect(body).toEqual({ Status: 200, Message: '', Alerts: [], scrapeType: '', serviceName: '' });
    expect(prometheus.reloads).toBe(1);
    await end();
  });
});

describe('nodes', () => {
  test('have the listed labels until they are removed', async () => {
    const { get, end } = await world({ nodeLabels: 'aws-region,role' });
    const put = await get('/node/reconfigure', { id: 'n1', 'aws-region': 'eu', role: '', state: 'ready' });
    expect(put.body).toEqual({ Status: 200, NodeID: 'n1', Message: '', NodeLabel: { aws_region: 'eu' } });
    const removed = await get('/node/remove', { id: 'n1' });
    expect(removed.body).toMatchObject({ NodeLabel: { aws_region: 'eu' } });
    const again = await get('/node/remove', { id: 'n1' });
    expect(again.body).toEqual({ Status: 200, NodeID: 'n1', Message: '', NodeLabel: null });
    await end();
  });

  test('without id are rejected in the words of the original', async () => {
    const { get, prometheus, end } = await world();
    const put = await get('/node/reconfigure', { role: 'x' });
    expect([put.status, put.body]).toEqual([
      400,
      { Status: 400, NodeID: '', Message: 'node id not included in requests', NodeLabel: null },
    ]);
    const removed = await get('/node/remove');
    expect([removed.status, removed.body]).toEqual([
      400,
      { Status: 400, NodeID: '', Message: 'node id not in query', NodeLabel: null },
    ]);
    expect(prometheus.reloads).toBe(0);
    await end();
  });

  test('say 500 in status line and body when the reload fails', async () => {
    const { get, prometheus, end } = await world();
    prometheus.answer = { kind: 'failed', reason: 'gone' };
    const { status, body } = await get('/node/reconfigure', { id: '1' });
    expect([status, body]).toEqual([500, { Status: 500, NodeID: '1', Message: 'gone', NodeLabel: {} }]);
    await end();
  });
});

describe('paths', () => {
  test.each([
    ['GET', `${API}/ping`, 200, undefined],
    ['POST', `${API}/ping`, 200, undefined],
    ['DELETE', `${API}/`, 200, undefined],
    ['GET', API, 301, `${API}/`],
    ['GET', `${API}/ping/`, 301, `${API}/ping`],
    ['GET', `${API}/reconfigure/?serviceName=x`, 301, `${API}/reconfigure?serviceName=x`],
    ['GET', `${API}//ping`, 301, `${API}/ping`],
    ['GET', `${API}/foo`, 404, undefined],
    ['GET', `${API}/Ping`, 404, undefined],
    ['GET', '/', 404, undefined],
  ])('%s %s answers %d', async (method, path, status, location) => {
    const { app, end } = await world();
    const send = request(app)[method.toLowerCase() as 'get'](path);
    const answer = await send.redirects(0);
    expect([answer.status, answer.headers['location']]).toEqual([status, location]);
    const page = [answer.headers['content-type'], answer.text];
    expect(status === 200 ? page : undefined).toEqual(status === 200 ? ['application/json', ''] : undefined);
    await end();
  });

  test('/healthz fails when Prometheus does not run', async () => {
    const { app, stopPrometheus, end } = await world();
    expect((await request(app).get('/healthz')).status).toBe(200);
    stopPrometheus();
    expect((await request(app).get('/healthz')).status).toBe(503);
    await end();
  });

  test('/shortcuts lists every shortcut with its values', async () => {
    const { get, end } = await world();
    const { body } = await get('/shortcuts');
    expect(body).toHaveLength(34);
    expect(body).toContainEqual({
      name: '@service_cpu_limit',
      form: '@service_cpu_limit:SHARE,[WINDOW=5m]',
      parameters: [{ name: 'SHARE' }, { name: 'WINDOW', default: '5m' }],
      expression: expect.stringContaining('[WINDOW]'),
      summary: 'CPU of the service SERVICE is over SHARE',
      labels: { receiver: 'system', service: 'SERVICE' },
      origin: 'built-in',
    });
    await end();
  });
});

describe('the OpenAPI description', () => {
  test('describes exactly the routes there are', () =>
    expect(Object.keys(openApiDocument().paths).sort()).toEqual(ROUTES.map((path) => API + path).sort()));

  test('names the statuses and the keys that come', async () => {
    const { get, end } = await world({ nodeLabels: 'role' });
    const { paths } = openApiDocument();
    const answers = [
      await get('/reconfigure', {
        serviceName: 'a',
        scrapePort: '1',
        alertName: 'x',
        alertIf: 'up',
        'alertName.1': 'b',
        'alertIf.1': '@no',
      }),
      await get('/reconfigure'),
      await get('/remove', { serviceName: 'a' }),
      await get('/node/reconfigure', { id: 'n' }),
      await get('/node/remove'),
    ];
    const schemas = ['ServiceAnswer', 'ServiceAnswer', 'ServiceAnswer', 'NodeAnswer', 'NodeAnswer'] as const;
    const asked = ['/reconfigure', '/reconfigure', '/remove', '/node/reconfigure', '/node/remove'];
    for (const [i, answer] of answers.entries()) {
      const operation = paths[API + (asked[i] ?? '')];
      expect(Object.keys(operation?.['get']?.responses ?? {})).toContain(String(answer.status));
      const schema = SCHEMAS[schemas[i] ?? 'ServiceAnswer'];
      const keys = Object.keys(answer.body as object);
      expect(keys.filter((key) => !(key in schema.properties))).toEqual([]);
      expect(schema.required.filter((key) => !keys.includes(key))).toEqual([]);
    }
    await end();
  });

  test('is served', async () => {
    const { get, end } = await world();
    expect((await get('/openapi.json')).body).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
    await end();
  });
});
