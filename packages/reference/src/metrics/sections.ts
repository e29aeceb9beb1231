import { createCertificatesMetrics } from '@docker-flow/certificates';
import { createDashboardMetrics } from '@docker-flow/dashboard';
import { measureResponseTimes } from '@docker-flow/demo';
import { createGuardMetrics } from '@docker-flow/docker-guard';
import { createMonitorMetrics } from '@docker-flow/monitor';
import { EXPORTER_METRICS, createProxyMetrics } from '@docker-flow/proxy-configurator';
import { createScalerMetrics } from '@docker-flow/scaler';
import { createListenerMetrics } from '@docker-flow/swarm-listener';
import type { MetricDescription, MetricSection } from '../metrics-page.js';
import { registeredMetrics } from './registered-metrics.js';

const none = () => 0;

/** The metrics of every program, asked from the code that registers them. */
export const METRIC_SECTIONS: readonly MetricSection[] = [
  {
    title: 'swarm-listener',
    says: 'The first two are those of the original, which other programs shared.',
    metrics: registeredMetrics((registry) =>
      createListenerMetrics(registry, {
        knownServices: none,
        waitingServices: none,
        convergingServices: none,
        labelIssues: () => [],
      }),
    ),
  },
  {
    title: 'proxy',
    says: 'Of the program beside HAProxy.',
    metrics: registeredMetrics((registry) =>
      createProxyMetrics({
        registry,
        services: { entries: () => [] } as never,
        settings: { scaler: undefined, defaultPorts: [], bindPorts: [], labels: { domainAlgo: '' } },
        unreachable: () => [],
        certificates: () => [],
        statistics: () => Promise.resolve(''),
        idleBackends: () => new Set(),
        oldWorkers: () => Promise.resolve(0),
        version: '',
        now: none,
      }),
    ),
  },
  {
    title: 'proxy: HAProxy as the original told of it',
    says: 'At `/metrics`, with the names of the separate HAProxy exporter of old.',
    metrics: exporterMetrics(),
  },
  {
    title: 'monitor',
    says: 'Of the program beside Prometheus; Prometheus has its own on its port.',
    metrics: registeredMetrics(createMonitorMetrics),
  },
  {
    title: 'scaler',
    says: 'Services appear once the scaler has had to do with them.',
    metrics: registeredMetrics(createScalerMetrics),
  },
  {
    title: 'docker-guard',
    says: '`rejected` is 403, `failed` means that Docker did not answer.',
    metrics: registeredMetrics(createGuardMetrics),
  },
  {
    title: 'certificates',
    says: 'One sample for each service of each certificate where there is a label `service`.',
    metrics: registeredMetrics((registry) => createCertificatesMetrics(registry, () => ({}) as never)),
  },
  {
    title: 'dashboard',
    says: 'Of what it asks, and of open pages.',
    metrics: registeredMetrics((registry) => createDashboardMetrics(registry, none)),
  },
  {
    title: 'demo',
    says: 'What the shortcuts on response times are made for.',
    metrics: registeredMetrics((registry) => measureResponseTimes(registry, '', new Set())),
  },
];

function exporterMetrics(): readonly MetricDescription[] {
  return Object.entries(EXPORTER_METRICS).flatMap(([kind, metrics]) => {
    const names = new Map(metrics.map((metric) => [metric.name, metric]));
    return [...names.values()].map(({ name, help, code }) => ({
      name: `haproxy_${kind}_${name}`,
      type: 'gauge',
      help,
      labels: [...labelsOf(kind), ...(code === undefined ? [] : ['code'])],
    }));
  });
}

function labelsOf(kind: string): readonly string[] {
  return kind === 'server' ? ['backend', 'server'] : [kind];
}
