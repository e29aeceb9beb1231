import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createProxyMetrics } from './metrics.js';
import { parseProxyLabels } from '@docker-flow/labels';
import { createServiceStore, type ServiceStore } from './services/service-store.js';
import { routedService, settingsOf } from './testing/render-services.js';

function world(statistics: () => Promise<string> = () => Promise.resolve('# pxname,svname,type\n')) {
  const services = createServiceStore();
  const metrics = createProxyMetrics({
    registry: new Registry(),
    version: 'test',
    services,
    settings: settingsOf('/nowhere', { SCALER_ADDRESS: 'scaler' }),
    unreachable: () => [{ service: 'lost', backend: 'lost-be80_0' }],
    certificates: () => [
      {
        file: { name: 'a.test', path: '/certs/a.test', source: 'directory' },
        issued: new Date(0),
        expires: new Date(5_000),
        names: [],
        commonName: '',
        problem: undefined,
        version: '1',
      },
    ],
    statistics,
    idleBackends: () => new Set(['waits-be80_0']),
    oldWorkers: () => Promise.resolve(3),
    now: () => 7_000,
  });
  return { services, metrics };
}

function rejectWeb(services: ServiceStore): void {
  const parameters = { serviceName: 'web' };
  const request = { parameters, ...parseProxyLabels(parameters, settingsOf('/nowhere').labels) };
  services.open('web').reject({ kind: 'haproxy', status: 500, message: 'no', request });
}

test('tells what happened to configurations, services, certificates, workers and replicas', async () => {
  const { services, metrics } = world();
  rejectWeb(services);
  metrics.observeRun({ outcome: 'reloaded', reason: 'services', durationMs: 250 });
  metrics.observeFailure();
  metrics.observeReplicas(1);
  const { text } = await metrics.render();
  for (const line of [
    'docker_flow_proxy_reloads_total{reason="services",result="reloaded"} 1',
    'docker_flow_proxy_reloads_total{reason="other",result="failed"} 1',
    'docker_flow_proxy_last_reload_duration_seconds 0.25',
    'docker_flow_proxy_last_success_timestamp_seconds 7',
    'docker_flow_proxy_services{state="rejected"} 1',
    'docker_flow_proxy_rejected_service{service="web",reason="haproxy"} 1',
    'docker_flow_proxy_certificate_expiry_timestamp_seconds{certificate="a.test"} 5',
    'docker_flow_proxy_old_workers 3',
    'docker_flow_proxy_out_of_sync_replicas 1',
    'haproxy_up 1',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test('every http backend is told with its service', async () => {
  const { services, metrics } = world();
  const settings = settingsOf('/nowhere');
  const parameters = {
    serviceName: 'shop_web',
    aclName: '05-web',
    servicePath: '/',
    port: '80',
    httpsPort: '443',
  };
  const wanted = { parameters, routed: routedService(parameters, settings), warnings: [] };
  services.open('shop_web').accept(wanted);
  services.settle(new Map([['shop_web', { wanted, live: wanted, rejection: undefined }]]));
  const { text } = await metrics.render();
  const of = (backend: string) =>
    `docker_flow_proxy_backend_info{backend="${backend}",service="shop_web",version="stable",source="shop_web"} 1\n`;
  expect(text).toContain(of('05-web-be80_0'));
  expect(text).toContain(of('https-05-web-be443_0'));
  // What scrapes HAProxy's own exporter alone can join services, too.
  const info = await metrics.renderBackendInfo();
  expect(info).toContain(of('05-web-be80_0'));
  expect(info.match(/^docker_flow_proxy_\w+/gm)?.filter((name) => !name.endsWith('_backend_info'))).toEqual(
    [],
  );
});

test('warnings are counted by service, as long as it has some', async () => {
  const { services, metrics } = world();
  const parameters = { serviceName: 'web', servicePath: '/', port: '80' };
  const routed = routedService(parameters, settingsOf('/nowhere'));
  const issue = { service: 'web', label: 'a', value: 'x', problem: 'is wrong', expected: 'y' };
  const wanted = { parameters, routed, warnings: [issue, issue] };
  services.open('web').accept(wanted);
  services.settle(new Map([['web', { wanted, live: wanted, rejection: undefined }]]));
  expect((await metrics.render()).text).toContain('docker_flow_proxy_warnings{service="web"} 2');
  services.remove('web');
  expect((await metrics.render()).text).not.toContain('docker_flow_proxy_warnings{');
});

test('a service that is good again is no longer told of as rejected', async () => {
  const { services, metrics } = world();
  rejectWeb(services);
  await metrics.render();
  services.remove('web');
  expect((await metrics.render()).text).not.toContain('service="web"');
});

test('a HAProxy that does not answer is down, and everything else is still told', async () => {
  const { metrics } = world(() => Promise.reject(new Error('no socket')));
  const { text } = await metrics.render();
  expect(text).toContain('haproxy_up 0\n');
  expect(text).toContain('docker_flow_proxy_old_workers 3\n');
  expect(text).toContain('docker_flow_proxy_unreachable_backend{service="lost",backend="lost-be80_0"} 1\n');
});

test('backends that no route leads to are not there for alerts', async () => {
  const cells = (name: string) => [name, 'BACKEND', ...Array.from({ length: 60 }, () => '0'), '1'].join(',');
  const columns = ['pxname', 'svname', ...Array.from({ length: 59 }, (_, i) => `c${i}`), 'status', 'type'];
  const { metrics } = world(() =>
    Promise.resolve([`# ${columns.join(',')}`, cells('web-be80_0'), cells('waits-be80_0')].join('\n')),
  );
  const { text } = await metrics.render();
  expect(text).toContain('haproxy_backend_up{backend="web-be80_0"} 0');
  expect(text).not.toContain('waits-be80_0');
});
