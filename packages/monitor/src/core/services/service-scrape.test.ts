import { describe, expect, test } from '@jest/globals';
import { composeFiles } from '../../testing/world.js';
import { targetGroupsOf, type ServiceScrape } from './service-scrape.js';

const files = (parameters: Readonly<Record<string, string>>, environment = {}) =>
  composeFiles({ environment, services: [{ serviceName: 'web', scrapePort: '80', ...parameters }] }).files;
const job = (parameters: Readonly<Record<string, string>>, environment = {}) =>
  files(parameters, environment).config.scrape_configs?.[0];

describe('the job of a service', () => {
  test('finds its tasks through DNS', () =>
    expect(job({})).toMatchObject({
      job_name: 'web',
      metrics_path: '/metrics',
      dns_sd_configs: [{ names: ['tasks.web'], type: 'A', port: 80 }],
    }));

  test('has its own address when it wants to', () =>
    expect(job({ scrapeType: 'static_configs' })).toMatchObject({
      static_configs: [{ targets: ['web:80'] }],
    }));

  test.each([
    ['fe80::1', '9100', '[fe80::1]:9100'],
    ['[::1]', '9100', '[::1]:9100'],
    ['[::1]:9200', '9200', '[::1]:9200'],
    ['db.acme.com:9187', '9187', 'db.acme.com:9187'],
    ['10.0.0.1:9187', '80', '10.0.0.1:9187'],
    ['10.0.0.1', '80', '10.0.0.1:80'],
  ])('at a fixed address of %s with port %s asks %s', (serviceName, scrapePort, target) =>
    expect(job({ serviceName, scrapePort, scrapeType: 'static_configs' })).toMatchObject({
      static_configs: [{ targets: [target] }],
    }),
  );

  test.each([
    ['/m?format=prometheus&a=1&a=2%2F', '/m', { format: ['prometheus'], a: ['1', '2/'] }],
    ['/m?', '/m', undefined],
    ['?a=1', '/metrics', { a: ['1'] }],
    ['/m', '/m', undefined],
  ])('sends what stands behind the path %s as parameters', (metricsPath, path, params) => {
    const written = job({ metricsPath });
    expect([written?.['metrics_path'], written?.['params']]).toEqual([path, params]);
  });

  test('reads a file when its tasks are known, and writes the path only when it was given', () => {
    const nodeInfo = '[["n","10.0.0.1","id"]]';
    expect(job({ nodeInfo })).toMatchObject({
      metrics_path: undefined,
      file_sd_configs: [{ files: ['/etc/prometheus/file_sd/web.json'] }],
    });
    expect(job({ nodeInfo, metricsPath: '/m' })).toMatchObject({ metrics_path: '/m' });
  });

  test('carries labels of the service by relabelling, where a dollar sign has to be doubled', () =>
    expect(job({ env: '5$1', 'my-team': 'a' }, { DF_SCRAPE_TARGET_LABELS: 'my-team,env' })).toMatchObject({
      relabel_configs: [
        { target_label: 'env', replacement: '5$$1' },
        { target_label: 'my_team', replacement: 'a' },
      ],
    }));

  test.each([
    ['its own interval', { scrapeInterval: '20s', scrapeTimeout: '30s' }, {}],
    ['the global interval', { scrapeTimeout: '11s' }, { GLOBAL_SCRAPE_INTERVAL: '10s' }],
  ])('has no timeout that is longer than %s', (_, parameters, environment) =>
    expect(job(parameters, environment)).toMatchObject({ scrape_timeout: undefined }),
  );
});

test('targets are sorted by address, and labels of the node go over those of the service', () => {
  const nodeInfo = '[["b","10.0.0.2","i2"],["a","10.0.0.1","i1"],["b","10.0.0.2","i2"]]';
  const environment = { DF_SCRAPE_TARGET_LABELS: 'zone', DF_NODE_TARGET_LABELS: 'zone' };
  const { targets } = composeFiles({
    environment,
    services: [{ serviceName: 'web', scrapePort: '80', nodeInfo, zone: 'of-service' }],
    nodes: [{ id: 'i2', zone: 'of-node' }],
  }).files;
  expect(targets.get('web')).toEqual([
    { targets: ['10.0.0.1:80'], labels: { zone: 'of-service', node: 'a', service: 'web' } },
    { targets: ['10.0.0.2:80'], labels: { zone: 'of-node', node: 'b', service: 'web' } },
  ]);
});

test('targets are made anew only when the labels of a node of theirs have changed', () => {
  const scrape: ServiceScrape = {
    ...{
      service: 'web',
      port: 80,
      type: '',
      metricsPath: undefined,
      interval: undefined,
      timeout: undefined,
    },
    ...{ targetLabels: {}, client: {} },
    tasks: [{ nodeName: 'a', address: '10.0.0.1', nodeId: 'i1' }],
  };
  const labels = { zone: 'north' };
  const first = targetGroupsOf(scrape, new Map([['i1', labels]]));
  const others = new Map([
    ['i1', labels],
    ['i2', { zone: 'west' }],
  ]);
  expect(targetGroupsOf(scrape, others)).toBe(first);
  const [moved] = targetGroupsOf(scrape, new Map([['i1', { zone: 'south' }]]));
  expect(moved?.labels).toEqual({ node: 'a', service: 'web', zone: 'south' });
});
