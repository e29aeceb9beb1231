import type { SourceName } from '../core/readings/readings.js';
import { prometheusAnswer } from './prometheus-answers.js';
import { backendOf, ruleName } from './simulated-names.js';
import { scalerAnswer } from './scaler-answers.js';
import type { SimulatedState } from './simulated-service.js';

type Answer = unknown;

/** What each program would answer to a path; `undefined`: 404. Shapes are those that the contract tests see. */
export function answerOf(source: SourceName, url: URL, state: SimulatedState, nowMs: number): Answer {
  const path = url.pathname.replace(/^\/v1\/docker-flow-[a-z-]+\//, '');
  switch (source) {
    case 'listener':
      return listenerAnswer(path, state);
    case 'proxy':
      return path === 'explain' ? explain(url, state) : proxyStatus(state, nowMs);
    case 'monitor':
      return monitorStatus(state, nowMs);
    case 'prometheus':
      return prometheusAnswer(url, state, nowMs);
    case 'alertmanager':
      return alertmanagerAlerts(state, nowMs);
    case 'scaler':
      return scalerAnswer(url.pathname, state, nowMs);
    case 'certificates':
      return certificatesStatus(state, nowMs);
  }
}

function listenerAnswer(path: string, { services, nodes, issues }: SimulatedState): Answer {
  switch (path) {
    case 'get-services':
      return services.map(({ name, labels, wanted, running }) => ({
        distribute: 'true',
        ...labels,
        serviceName: name,
        replicas: String(wanted),
        nodeInfo: JSON.stringify(
          Array.from({ length: running }, (_, i) => [
            nodes[i % Math.max(1, nodes.length)]?.hostname ?? 'node',
            `10.0.1.${(i % 250) + 3}`,
          ]),
        ),
      }));
    case 'get-nodes':
      return nodes.map(({ hostname, role, state }, i) => ({
        id: `id-${hostname}`,
        hostname,
        role,
        state,
        address: `192.168.0.${i + 10}`,
        availability: 'active',
        versionIndex: '12',
        zone: i % 2 === 0 ? 'a' : 'b',
      }));
    case 'ready':
      return { ready: true, problems: [], streams: {} };
    default:
      return {
        version: '0.1.0',
        services: { known: services.length, waiting: 0, converging: 0 },
        nodes: { known: nodes.length },
        warnings: issues,
      };
  }
}

function proxyStatus({ services, proxyWarnings = [] }: SimulatedState, nowMs: number): Answer {
  const at = new Date(Math.floor(nowMs / 600_000) * 600_000).toISOString();
  return {
    haproxy: { version: '2.6', running: true },
    fingerprint: 'x',
    warnings: proxyWarnings,
    changes: [{ at, way: 'servers', reason: 'notification', services: [], durationMs: 180 }],
    services: services
      .filter(({ routes }) => routes !== undefined)
      .map(({ name, routes = [], warnings = [], unreachable }) => ({
        service: name,
        aclName: name,
        warnings,
        routes: routes.map(({ domains = [], paths }) => ({
          mode: 'http',
          paths,
          domains,
          port: 8080,
          backend: backendOf(name),
          ...(unreachable === undefined ? {} : { reachable: false, problem: unreachable }),
        })),
      })),
    rejected: services.flatMap(({ name, rejection }) =>
      rejection === undefined
        ? []
        : [{ service: name, reason: 'labels', message: rejection, olderVersionLive: false }],
    ),
    certificates: [],
  };
}

function explain(url: URL, { services }: SimulatedState): Answer {
  const path = url.searchParams.get('path') ?? '/';
  const host = url.searchParams.get('host') ?? '';
  const tried = services.flatMap(({ name, routes = [] }) =>
    routes.map(({ paths }) => {
      const matches = paths.some((one) => path.startsWith(one));
      const because = `the path ${matches ? 'begins' : 'does not begin'} with ${paths.join(' or ')}`;
      return { service: name, backend: backendOf(name), matches, because };
    }),
  );
  const at = tried.findIndex(({ matches }) => matches);
  const taken = tried[at];
  return {
    request: { host, path, port: 80, headers: {} },
    ...(taken === undefined ? {} : { taken: { ...taken, why: taken.because } }),
    tried: at < 0 ? tried : tried.slice(0, at + 1),
  };
}

function monitorStatus({ services }: SimulatedState, nowMs: number): Answer {
  const at = new Date(Math.floor(nowMs / 600_000) * 600_000).toISOString();
  return {
    prometheus: { running: true, major: 2 },
    lastReload: { result: 'live', at, lastGoodAt: at },
    lastPulls: {},
    problems: [],
    services: services.map(({ name, targets, alerts = [], rejectedAlerts = [] }) => ({
      serviceName: name,
      ...(targets === undefined ? {} : { scrape: { scrapePort: 8080, targets: [] } }),
      alerts: alerts.map((alert) => ({
        alertName: alert.name,
        alertNameFormatted: ruleName(name, alert.name),
        expression: alert.expression,
        for: '30s',
        labels: {},
        annotations: {},
        persistent: false,
      })),
      rejected: rejectedAlerts,
      problems: [],
    })),
    nodes: [],
    rejectedParts: [],
  };
}

function alertmanagerAlerts({ services }: SimulatedState, nowMs: number): Answer {
  return services.flatMap(({ name, alerts = [] }) =>
    alerts
      .filter(({ state }) => state === 'firing')
      .map((alert) => ({
        fingerprint: `${name}${alert.name}`,
        labels: { alertname: ruleName(name, alert.name), service: name },
        annotations: { summary: `${alert.name} of ${name}` },
        startsAt: new Date(alert.sinceMs ?? nowMs).toISOString(),
        endsAt: new Date(nowMs).toISOString(),
        status: { state: 'active', silencedBy: [], inhibitedBy: [] },
        receivers: [{ name: 'scale' }],
      })),
  );
}

function certificatesStatus({ certificates }: SimulatedState, nowMs: number): Answer {
  const day = (days: number) => new Date(Math.floor(nowMs / 86_400_000 + days) * 86_400_000).toISOString();
  return {
    account: {},
    authority: { problem: null, pausedUntil: null },
    certificates: certificates.map(({ name, state, services, daysLeft, problem }) => ({
      certName: name,
      services,
      wanted: [name],
      names: [name, `www.${name}`],
      state,
      problem: problem ?? null,
      issuer: "Let's Encrypt",
      notBefore: day(daysLeft - 90),
      notAfter: day(daysLeft),
      renewAt: day(daysLeft - 30),
      nextTry: null,
      delivered: true,
    })),
  };
}
