import { Counter, Gauge, type Registry } from 'prom-client';
import type { CertificateState } from './certificates/certificate-store.js';
import { canariesByStable } from './core/canary/canaries.js';
import type { Settings } from './core/model/settings.js';
import { wakingOf } from './core/waking/sleepers.js';
import { backendInfos } from './core/backends/backend-info.js';
import { renderExporterMetrics } from './core/haproxy-output/exporter-metrics.js';
import { readStatistics } from './core/haproxy-output/statistics-csv.js';
import type { Run } from './ports.js';
import type { ServiceStore } from './services/service-store.js';
import { warningsOf, type RelationSettings } from './services/service-warnings.js';

const BACKEND_INFO = 'docker_flow_proxy_backend_info';

export interface ProxyMetrics {
  observeRun(run: Pick<Run, 'reason' | 'outcome' | 'durationMs'>): void;
  observeFailure(): void;
  /** How many other replicas serve something else. */
  observeReplicas(different: number): void;
  /** All metrics as text: our own, then what HAProxy says of its frontends, backends and servers. */
  render(): Promise<{ readonly text: string; readonly contentType: string }>;
  /** Which service each backend belongs to, as text; HAProxy's own exporter knows backends alone. */
  renderBackendInfo(): Promise<string>;
}

export interface ProxyMetricsOptions {
  readonly registry: Registry;
  readonly services: ServiceStore;
  readonly settings: Pick<Settings, 'scaler'> & RelationSettings;
  readonly certificates: () => readonly CertificateState[];
  /** Backends whose servers cannot be reached. */
  readonly unreachable: () => readonly { readonly service: string; readonly backend: string }[];
  /** HAProxy's statistics as CSV. */
  readonly statistics: () => Promise<string>;
  /** Backends that no route leads to: for whoever has alerts they are not there. */
  readonly idleBackends: () => ReadonlySet<string>;
  readonly oldWorkers: () => Promise<number>;
  readonly version: string;
  readonly now: () => number;
}

export function createProxyMetrics(options: ProxyMetricsOptions): ProxyMetrics {
  const { registry, services } = options;
  const registers = [registry];
  const reloads = new Counter({
    name: 'docker_flow_proxy_reloads_total',
    help: 'Configurations made live, by reason and by how: reloaded; without a reload: addresses, servers and backends (that were added or removed), tables, certificates; unchanged; failed',
    labelNames: ['reason', 'result'],
    registers,
  });
  const duration = new Gauge({
    name: 'docker_flow_proxy_last_reload_duration_seconds',
    help: 'How long the last change took from looking at the services to a worker that runs it',
    registers,
  });
  const lastSuccess = new Gauge({
    name: 'docker_flow_proxy_last_success_timestamp_seconds',
    help: 'When the configuration was last found or made live',
    registers,
  });
  new Gauge({
    name: 'docker_flow_proxy_services',
    help: 'Services by state: live, or rejected (an older version of them may be live)',
    labelNames: ['state'],
    registers,
    collect() {
      const entries = services.entries();
      this.set({ state: 'live' }, entries.filter(({ live }) => live).length);
      this.set({ state: 'rejected' }, entries.filter(({ rejection }) => rejection).length);
    },
  });
  new Gauge({
    name: 'docker_flow_proxy_rejected_service',
    help: 'Services that are not routed as they ask, by reason; always 1',
    labelNames: ['service', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { name, rejection } of services.entries()) {
        if (rejection) this.set({ service: name, reason: rejection.kind }, 1);
      }
    },
  });
  new Gauge({
    name: 'docker_flow_proxy_warnings',
    help: 'Labels of live services that are not in force as they are written, by service; those without any are left out',
    labelNames: ['service'],
    registers,
    collect() {
      this.reset();
      for (const [service, issues] of warningsOf(services.entries(), options.settings))
        this.set({ service }, issues.length);
    },
  });
  new Gauge({
    name: 'docker_flow_proxy_unreachable_backend',
    help: 'Backends whose servers the proxy could not connect to when it looked last; always 1. The status says why',
    labelNames: ['service', 'backend'],
    registers,
    collect() {
      this.reset();
      for (const labels of options.unreachable()) this.set({ ...labels }, 1);
    },
  });
  new Gauge({
    name: 'docker_flow_proxy_destinations',
    help: 'Destinations of live services by mode',
    labelNames: ['mode'],
    registers,
    collect() {
      for (const mode of ['http', 'tcp', 'sni']) {
        const all = services.entries().flatMap(({ live }) => live?.routed.service.destinations ?? []);
        this.set({ mode }, all.filter((one) => one.mode === mode).length);
      }
    },
  });
  new Gauge({
    name: BACKEND_INFO,
    help: 'The http backends by the service whose requests they get, their version of it, and the service whose servers answer; always 1',
    labelNames: ['backend', 'service', 'version', 'source'],
    registers,
    collect() {
      this.reset();
      const live = services.entries().flatMap((entry) => (entry.live ? [entry.live.routed] : []));
      for (const info of backendInfos(live)) this.set({ ...info }, 1);
    },
  });
  new Gauge({
    name: 'docker_flow_proxy_canary_weight',
    help: 'Percent of the requests of a service, of new clients where they stay with their version, that its canary gets',
    labelNames: ['service', 'canary'],
    registers,
    collect() {
      this.reset();
      const live = services.entries().flatMap((entry) => (entry.live ? [entry.live.routed] : []));
      for (const [service, canary] of canariesByStable(live))
        this.set({ service, canary: canary.service.name }, canary.service.canary.weight);
    },
  });
  new Gauge({
    name: 'docker_flow_proxy_asleep',
    help: 'Whether a service that is started by its first request has 0 replicas',
    labelNames: ['service'],
    registers,
    collect() {
      this.reset();
      for (const { live } of services.entries()) {
        if (!live || !wakingOf(live.routed.service, options.settings)) continue;
        this.set({ service: live.routed.service.name }, live.routed.service.replicas === 0 ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'docker_flow_proxy_certificate_expiry_timestamp_seconds',
    help: 'When a certificate expires',
    labelNames: ['certificate'],
    registers,
    collect() {
      this.reset();
      for (const { file, expires } of options.certificates()) {
        if (!expires) continue;
        const certificate = file.source === 'label' ? `label:${file.name}` : file.name;
        this.set({ certificate }, expires.getTime() / 1000);
      }
    },
  });
  new Gauge({
    name: 'docker_flow_proxy_old_workers',
    help: 'HAProxy workers of earlier configurations that still have connections',
    registers,
    async collect() {
      this.set(await options.oldWorkers());
    },
  });
  const outOfSync = new Gauge({
    name: 'docker_flow_proxy_out_of_sync_replicas',
    help: 'Other replicas that served other services or certificates when they were last asked',
    registers,
  });
  const exporter = createExporter(options);
  return {
    observeRun({ reason, outcome, durationMs }) {
      reloads.inc({ reason, result: outcome });
      if (outcome !== 'unchanged') duration.set(durationMs / 1000);
      lastSuccess.set(options.now() / 1000);
    },
    observeFailure: () => reloads.inc({ reason: 'other', result: 'failed' }),
    observeReplicas: (different) => outOfSync.set(different),
    async render() {
      const haproxy = await exporter();
      return { text: `${await registry.metrics()}\n${haproxy}`, contentType: registry.contentType };
    },
    renderBackendInfo: async () => `${await registry.getSingleMetricAsString(BACKEND_INFO)}\n`,
  };
}

/** The exporter of the original: reads the statistics once per scrape. Its names are part of people's alerts. */
function createExporter({
  registry,
  statistics,
  idleBackends,
  version,
}: ProxyMetricsOptions): () => Promise<string> {
  const registers = [registry];
  const up = new Gauge({
    name: 'haproxy_up',
    help: 'Was the last scrape of haproxy successful.',
    registers,
  });
  const scrapes = new Counter({
    name: 'haproxy_exporter_total_scrapes',
    help: 'Current total HAProxy scrapes.',
    registers,
  });
  const failures = new Counter({
    name: 'haproxy_exporter_csv_parse_failures',
    help: 'Number of errors while parsing CSV.',
    registers,
  });
  new Gauge({
    name: 'haproxy_exporter_build_info',
    help: 'Always 1',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  return async () => {
    scrapes.inc();
    try {
      const table = readStatistics(await statistics());
      failures.inc(table.failures);
      up.set(1);
      const idle = idleBackends();
      return renderExporterMetrics(table.rows.filter(({ proxy }) => !idle.has(proxy)));
    } catch {
      up.set(0);
      return '';
    }
  };
}
