import type { SourceName } from '../core/readings/readings.js';
import type { SimulatedDecision, SimulatedService, SimulatedState } from './simulated-service.js';

type Answer = unknown;

/** What each program would answer to a path; `undefined`: 404. Shapes are those that the contract tests see. */
export function answerOf(source: SourceName, url: URL, state: SimulatedState, nowMs: number): Answer {
  const path = url.pathname.replace(/^\/v1\/docker-flow-[a-z-]+\//, '');
  switch (source) {
    case 'listener':
      return listenerAnswer(path, state);
    case 'proxy':
      return path === 'explain' ? explain(url, state) : proxyStatus(state);
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

const backendOf = (name: string) => `${name}-be8080_0`;

function proxyStatus({ services }: SimulatedState): Answer {
  return {
    haproxy: { version: '2.6', running: true },
    fingerprint: 'x',
    services: services
      .filter(({ routes }) => routes !== undefined)
      .map(({ name, routes = [], warnings = [] }) => ({
        service: name,
        aclName: name,
        warnings,
        routes: routes.map(({ domains = [], paths }) => ({
          mode: 'http',
          paths,
          domains,
          port: 8080,
          backend: backendOf(name),
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

const ruleName = (service: string, alert: string) => `${service}_${alert}`.replaceAll('-', '');

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

function prometheusAnswer(url: URL, state: SimulatedState, nowMs: number): Answer {
  const { services } = state;
  if (url.pathname.endsWith('/targets'))
    return ok({
      activeTargets: services.flatMap(({ name, targets = [] }) =>
        targets.map(({ up, error = '' }, i) => ({
          labels: { job: name, service: name },
          scrapeUrl: `http://10.0.1.${(i % 250) + 3}:8080/metrics`,
          health: up ? 'up' : 'down',
          lastError: error,
        })),
      ),
    });
  if (url.pathname.endsWith('/rules'))
    return ok({ groups: [{ name: 'alert.rules', rules: services.flatMap((service) => rulesOf(service)) }] });
  const query = url.searchParams.get('query') ?? '';
  if (url.pathname.endsWith('/query_range'))
    return ok({ resultType: 'matrix', result: matrix(url, query, state) });
  return ok({ resultType: 'vector', result: vector(query, services, nowMs) });
}

function ok(data: unknown): Answer {
  return { status: 'success', data };
}

function rulesOf({ name, alerts = [] }: SimulatedService): readonly unknown[] {
  return alerts.map((alert) => {
    const activeAt = new Date(alert.sinceMs ?? 0).toISOString();
    return {
      name: ruleName(name, alert.name),
      query: alert.expression,
      duration: 30,
      state: alert.state,
      health: 'ok',
      labels: { service: name },
      alerts: alert.state === 'inactive' ? [] : [{ state: alert.state, activeAt, value: alert.value ?? '1' }],
    };
  });
}

function vector(query: string, services: readonly SimulatedService[], nowMs: number): readonly unknown[] {
  const of = (
    value: (traffic: NonNullable<SimulatedService['traffic']>) => number | undefined,
    label = 'proxy',
  ) =>
    services.flatMap(({ name, traffic }) => {
      const number = traffic === undefined ? undefined : value(traffic);
      const metric = { [label]: label === 'proxy' ? backendOf(name) : name };
      return number === undefined ? [] : [{ metric, value: [nowMs / 1_000, String(number)] }];
    });
  if (query.includes('server_status'))
    return services
      .filter(({ name }) => query.includes(name))
      .flatMap(({ name, running }) =>
        Array.from({ length: running }, (_, i) => ({
          metric: { proxy: backendOf(name), server: `${name}_${i}`, state: 'UP' },
          value: [nowMs / 1_000, '1'],
        })),
      );
  if (query.includes('code="5xx"')) return of(({ errors }) => errors);
  if (query.includes('responses_total')) return of(({ requests }) => requests);
  if (query.includes('average_seconds')) return of(({ meanSeconds }) => meanSeconds);
  if (query.includes('max_response')) return of(({ meanSeconds }) => meanSeconds * 12);
  if (query.includes('http_server_resp_time')) return of(({ p95Seconds }) => p95Seconds, 'job');
  if (query.includes('install_seconds')) return [{ metric: {}, value: [nowMs / 1_000, '0.42'] }];
  if (query.includes('last_success'))
    return [{ metric: {}, value: [nowMs / 1_000, String(Math.floor(nowMs / 600_000) * 600)] }];
  return [{ metric: {}, value: [nowMs / 1_000, '0.18'] }];
}

/** A day of a shop: more by day than by night, and a peak at the end of the range. */
function matrix(url: URL, query: string, { services }: SimulatedState): readonly unknown[] {
  const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) =>
    Number(url.searchParams.get(name)),
  );
  const service = services.find(({ name }) => query.includes(`${name}-be`) || query.includes(`"${name}"`));
  const times: number[] = [];
  for (let at = start; at <= end; at += step) times.push(at);
  const series = (
    metric: Readonly<Record<string, string>>,
    value: (share: number) => number | undefined,
  ) => ({
    metric,
    values: times.flatMap((at) => {
      const number = value((at - start) / (end - start));
      return number === undefined ? [] : [[at, String(number)]];
    }),
  });
  if (query.startsWith('max by (alertname')) {
    const alerts = services.flatMap(({ name, alerts: all = [] }) =>
      all.map((alert) => ruleName(name, alert.name)),
    );
    const [first] = alerts.filter((name) => query.includes(name));
    if (first === undefined) return [];
    const within = (from: number, to: number) => (share: number) =>
      share > from && share < to ? 1 : undefined;
    return [
      series({ alertname: first, alertstate: 'pending' }, within(0.55, 0.6)),
      series({ alertname: first, alertstate: 'firing' }, within(0.6, 0.74)),
    ];
  }
  const traffic = service?.traffic;
  if (traffic === undefined) return [];
  const wave = (share: number) => 0.6 + 0.35 * Math.sin(share * 9) + (share > 0.5 && share < 0.75 ? 0.8 : 0);
  if (query.includes('5xx')) return [series({}, (share) => traffic.errors * wave(share))];
  if (query.includes('responses_total')) return [series({}, (share) => traffic.requests * wave(share))];
  if (query.includes('average_seconds')) return [series({}, (share) => traffic.meanSeconds * wave(share))];
  const { p95Seconds } = traffic;
  return p95Seconds === undefined ? [] : [series({}, (share) => p95Seconds * wave(share))];
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

function scalerAnswer(path: string, { services, decisions }: SimulatedState, nowMs: number): Answer {
  if (path === '/v1/services') return { services: services.flatMap((service) => scalerService(service)) };
  if (path === '/v1/activities') return { activities: decisions.map(activity(nowMs)) };
  if (path === '/v1/replicas')
    return {
      replicas: Object.fromEntries(
        services.flatMap(({ name, bounds, wanted, running }) =>
          bounds === undefined ? [] : [[name, replicaPoints(bounds[0], wanted, running, nowMs)]],
        ),
      ),
    };
  return undefined;
}

function scalerService({ name, stack, wanted, running, bounds, isPaused = false }: SimulatedService) {
  if (bounds === undefined) return [];
  return [
    {
      id: `id-${name}`,
      name,
      stack,
      replicas: { wanted, running },
      min: { value: bounds[0], from: 'label com.df.scaleMin' },
      max: { value: bounds[1], from: 'label com.df.scaleMax' },
      upBy: { value: '1', from: 'DEFAULT_SCALE_SERVICE_UP_BY' },
      downBy: { value: '1', from: 'DEFAULT_SCALE_SERVICE_DOWN_BY' },
      cooldownSeconds: { up: { value: 0, from: '' }, down: { value: 60, from: '' } },
      cooldownRemainingSeconds: { up: 0, down: 0 },
      paused: isPaused,
      restore: true,
      stopped: false,
    },
  ];
}

function activity(nowMs: number) {
  return ({ agoMs, ...decision }: SimulatedDecision, i: number) => ({
    ...decision,
    id: `decision-${i}`,
    atMs: nowMs - agoMs,
    lastAtMs: nowMs - agoMs,
    times: 1,
    at: '',
    lastAt: '',
  });
}

function replicaPoints(min: number, wanted: number, running: number, nowMs: number) {
  const at = (agoMinutes: number) => nowMs - agoMinutes * 60_000;
  return [
    { atMs: at(1_300), wanted: min, running: min },
    { atMs: at(23), wanted: min, running: min },
    { atMs: at(22.9), wanted: Math.min(min + 1, wanted), running: min },
    { atMs: at(22), wanted: Math.min(min + 1, wanted), running: Math.min(min + 1, wanted) },
    { atMs: at(12), wanted, running: Math.min(min + 1, wanted) },
    { atMs: at(11), wanted, running },
  ];
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
