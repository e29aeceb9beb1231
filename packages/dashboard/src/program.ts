import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createHttpClient, type HttpClient } from '@docker-flow/daemon/http/client';
import { httpServer } from '@docker-flow/daemon/http/server';
import { createMetrics } from '@docker-flow/daemon/metrics';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { createAlertmanagerSource } from './adapters/alertmanager.js';
import { createCertificatesSource } from './adapters/certificates.js';
import { createListenerSource } from './adapters/listener.js';
import { createMonitorSource } from './adapters/monitor.js';
import { createPrometheusSource, createServiceHistory } from './adapters/prometheus.js';
import { createProxySource, createRouteExplainer } from './adapters/proxy.js';
import { createScalerQuestions, createScalerSource } from './adapters/scaler.js';
import { createChangeStream } from './api/change-stream.js';
import { loadPage, type Page } from './api/page-files.js';
import { addRoutes } from './api/routes.js';
import { readConfig, type Config } from './config/config.js';
import { createBoard } from './core/join/board.js';
import type { SourceName } from './core/readings/readings.js';
import { createDashboardMetrics } from './metrics.js';
import type { Source } from './ports.js';
import { createServiceQuestions } from './services/service-questions.js';
import { watchSource } from './sources/watch-source.js';

export const program: ProgramDefinition<Config> = {
  name: 'dashboard',
  readConfig,
  createProgram,
  describe: ({ addresses }) => ({ sources: Object.keys(addresses) }),
};

export interface DashboardDeps extends CommonDeps {
  readonly onListening?: (address: ListenAddress) => void;
  /** Another page than the compiled one. */
  readonly page?: Page;
  readonly heartbeatMs?: number;
}

/** How each source is asked. */
const SOURCES = {
  listener: createListenerSource,
  proxy: createProxySource,
  monitor: createMonitorSource,
  prometheus: createPrometheusSource,
  alertmanager: createAlertmanagerSource,
  scaler: createScalerSource,
  certificates: createCertificatesSource,
} as const satisfies Record<SourceName, (http: HttpClient, address: string) => Source>;

/** Puts all parts together. */
export function createProgram(config: Config, deps: DashboardDeps): Program {
  const { logger, version } = deps;
  const now = () => Date.now();
  const http = createHttpClient({ timeoutMs: 10_000, userAgent: 'docker-flow-dashboard' });
  const { addresses } = config;
  const names = Object.keys(addresses) as SourceName[];
  const board = createBoard(new Set(names), now());
  const events = createChangeStream({
    document: board.document,
    run: randomBytes(4).toString('hex'),
    now,
    onOpen: () => sources.forEach(({ hurry }) => hurry()),
    ...(deps.heartbeatMs === undefined ? {} : { heartbeatMs: deps.heartbeatMs }),
  });
  const registry = createMetrics({ program: program.name, version });
  const metrics = createDashboardMetrics(registry, () => events.size());
  const sources = names.map((name) =>
    watchSource(SOURCES[name](http, addresses[name] ?? ''), config.pollMs, {
      board,
      onChange(change) {
        events.send(change);
        metrics.changed();
      },
      onRead: (source, isUp) => metrics.read(source, isUp),
      isWatched: () => events.size() > 0,
      logger,
      now,
    }),
  );
  const { proxy, prometheus, scaler } = addresses;
  const questions = createServiceQuestions({
    board,
    history: prometheus === undefined ? undefined : createServiceHistory(http, prometheus),
    scaler: scaler === undefined ? undefined : createScalerQuestions(http, scaler),
    explainer: proxy === undefined ? undefined : createRouteExplainer(http, proxy),
    now,
  });
  const page = deps.page ?? loadPage(fileURLToPath(new URL('..', import.meta.url)));
  const app = createHttpApp({
    logger,
    registry,
    notReady: () => (names.length === 0 ? 'no address of any program is set' : undefined),
    routes: (own) => addRoutes(own, config.prefix, { document: board.document, events, questions, page }),
  });
  const server = httpServer(app, config.listen, (address) => {
    logger.info('Listening', { ...address });
    deps.onListening?.(address);
  });
  return { actors: [server, events.actor, ...sources.flatMap(({ actors }) => actors)] };
}
