import type { SimulatedService, SimulatedState } from './simulated-service.js';

const MINUTE = 60_000;

/** A small shop with something of everything that can be seen on the page. */
export function sampleState(nowMs: number): SimulatedState {
  const services: readonly SimulatedService[] = [
    {
      name: 'shop_web',
      stack: 'shop',
      labels: {
        servicePath: '/',
        serviceDomain: 'shop.example.com,www.shop.example.com',
        port: '8080',
        scrapePort: '8080',
        scaleMin: '2',
        scaleMax: '8',
        scaleOn: '@requests',
        scaleTarget: '40',
        'alertName.1': 'slow',
        'alertIf.1': '@resp_time_above:0.1,5m,0.99',
        'alertFor.1': '30s',
      },
      running: 5,
      wanted: 6,
      bounds: [2, 8],
      target: { on: '@requests', target: 40, value: 42.8 },
      routes: [{ domains: ['shop.example.com', 'www.shop.example.com'], paths: ['/'] }],
      traffic: { requests: 214, errors: 0.4, meanSeconds: 0.064, p95Seconds: 0.182 },
      targets: Array.from({ length: 5 }, () => ({ up: true })),
      alerts: [
        {
          name: 'slow',
          expression:
            'sum(rate(http_server_resp_time_bucket{job="shop_web", le="0.1"}[5m])) / sum(rate(http_server_resp_time_count{job="shop_web"}[5m])) < 0.99',
          state: 'firing',
          value: '0.947',
          sinceMs: nowMs - 3 * MINUTE,
        },
      ],
    },
    {
      name: 'shop_api',
      stack: 'shop',
      labels: { servicePath: '/api', port: '808O', scrapePort: '8080', usersSecret: 'partners' },
      running: 3,
      wanted: 3,
      bounds: [2, 6],
      rejection: 'service shop_api: label port="808O" is not a port; expected a number from 1 to 65535',
      traffic: { requests: 88, errors: 0, meanSeconds: 0.021 },
      targets: [
        { up: true },
        { up: true },
        { up: false, error: 'Get "http://10.0.1.5:8080/metrics": connection refused' },
      ],
    },
    {
      name: 'shop_checkout',
      stack: 'shop',
      labels: { servicePath: '/checkout', port: '8080', scrapePort: '8080' },
      running: 4,
      wanted: 4,
      bounds: [2, 4],
      routes: [{ domains: ['shop.example.com'], paths: ['/checkout', '/cart'] }],
      traffic: { requests: 42, errors: 0.9, meanSeconds: 0.31, p95Seconds: 0.84 },
      targets: Array.from({ length: 4 }, () => ({ up: true })),
      alerts: [
        {
          name: 'errors',
          expression: 'sum(rate(http_server_resp_time_count{job="shop_checkout", code=~"5.."}[5m])) > 1',
          state: 'pending',
          value: '1.02',
          sinceMs: nowMs - 12_000,
        },
      ],
    },
    {
      name: 'shop_db',
      stack: 'shop',
      labels: { scrapePort: '9187' },
      running: 1,
      wanted: 1,
      targets: [{ up: true }],
      rejectedAlerts: [
        {
          alertName: 'lag',
          reason:
            'alertIf: 1:12: parse error: unexpected identifier "seconds" in expression "pg_lag > 3 seconds"',
        },
      ],
    },
    {
      name: 'go-demo_main',
      stack: 'go-demo',
      labels: { servicePath: '/demo', port: '8080', scalePaused: 'true', scaleMin: '1' },
      running: 2,
      wanted: 2,
      bounds: [1, 5],
      isPaused: true,
      routes: [{ paths: ['/demo'] }],
      traffic: { requests: 3.2, errors: 0, meanSeconds: 0.008, p95Seconds: 0.012 },
      targets: [{ up: true }, { up: true }],
    },
    {
      name: 'legacy_site',
      stack: 'legacy',
      labels: { servicePath: '/demo', port: '80', serviceDomains: 'old.example.com' },
      running: 1,
      wanted: 1,
      routes: [{ paths: ['/demo'] }],
      traffic: { requests: 0, errors: 0, meanSeconds: 0.002 },
    },
    {
      name: 'flow_monitor',
      stack: 'flow',
      labels: { servicePath: '/monitor', port: '9090', usersSecret: 'operators' },
      running: 1,
      wanted: 1,
      routes: [{ paths: ['/monitor'] }],
      traffic: { requests: 1.1, errors: 0, meanSeconds: 0.017 },
      targets: [{ up: true }],
    },
  ];
  return {
    services,
    nodes: [
      { hostname: 'manager-1', role: 'manager', state: 'ready' },
      { hostname: 'worker-1', role: 'worker', state: 'ready' },
      { hostname: 'worker-2', role: 'worker', state: 'down' },
    ],
    issues: [
      {
        service: 'legacy_site',
        label: 'com.df.serviceDomains',
        value: 'old.example.com',
        problem: 'is no label of Docker Flow',
        expected: 'com.df.serviceDomain',
      },
    ],
    certificates: [
      { name: 'shop.example.com', state: 'valid', services: ['shop_web', 'shop_checkout'], daysLeft: 71 },
      {
        name: 'old.example.com',
        state: 'failed',
        services: ['legacy_site'],
        daysLeft: 6,
        problem: 'dns: no A record found for old.example.com',
      },
    ],
    decisions: [
      {
        service: 'shop_web',
        outcome: 'scaled',
        atMs: nowMs - 11 * MINUTE,
        from: 3,
        to: 6,
        message: 'Scaling shop_web from 3 to 6 replicas (min: 2, max: 8)',
        explanation: 'one request changes the count by 3 (label com.df.scaleUpBy)',
        asker: 'Alertmanager receiver scale, alert shop_web_slow',
        request: 'scale up',
      },
      {
        service: 'shop_checkout',
        outcome: 'held',
        atMs: nowMs - 4 * MINUTE,
        from: 4,
        to: 4,
        message: 'shop_checkout is already scaled to the maximum number of 4 replicas',
        explanation: 'the maximum is 4 replicas (label com.df.scaleMax)',
        asker: 'Alertmanager receiver scale, alert shop_checkout_errors',
        request: 'scale up by 1',
      },
      {
        service: 'shop_web',
        outcome: 'scaled',
        atMs: nowMs - 23 * MINUTE,
        from: 2,
        to: 3,
        message: 'Scaling shop_web from 2 to 3 replicas (min: 2, max: 8)',
        explanation: 'one request changes the count by 1',
        asker: 'Alertmanager receiver scale, alert shop_web_slow',
        request: 'scale up by 1',
      },
    ],
  };
}

/** Many services that are as they should be, but for some. */
export function manyServices(count: number, nowMs: number): SimulatedState {
  return {
    ...sampleState(nowMs),
    decisions: [],
    certificates: [],
    issues: [],
    services: Array.from({ length: count }, (_, i): SimulatedService => {
      const stack = `stack-${Math.floor(i / 20)}`;
      return {
        name: `${stack}_service-${i}`,
        stack,
        labels: { servicePath: `/service-${i}`, port: '8080', scrapePort: '8080', 'alertName.1': 'slow' },
        running: 2,
        wanted: 2,
        bounds: [1, 6],
        routes: [{ domains: [`service-${i}.example.com`], paths: [`/service-${i}`] }],
        traffic: { requests: 10 + (i % 7), errors: 0, meanSeconds: 0.02, p95Seconds: 0.05 },
        targets: [{ up: true }, { up: i % 100 !== 0 }],
        alerts: [
          {
            name: 'slow',
            expression: `up{job="service-${i}"} == 0`,
            state: i % 250 === 0 ? 'firing' : 'inactive',
          },
        ],
      };
    }),
  };
}
