import { backendOf, ruleName } from './simulated-names.js';
import type { SimulatedService, SimulatedState } from './simulated-service.js';

/** What Prometheus would answer to a path of its API about the simulated loop. */
export function prometheusAnswer(url: URL, state: SimulatedState, nowMs: number): unknown {
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

function ok(data: unknown): unknown {
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
  const target = service?.target;
  if (query.includes('docker_flow_scaler_target'))
    return target === undefined
      ? []
      : [series({}, (share) => (target.value / target.target) * (0.6 + 0.5 * Math.sin(share * 9) ** 2))];
  const traffic = service?.traffic;
  if (traffic === undefined) return [];
  const wave = (share: number) => 0.6 + 0.35 * Math.sin(share * 9) + (share > 0.5 && share < 0.75 ? 0.8 : 0);
  if (query.includes('5xx')) return [series({}, (share) => traffic.errors * wave(share))];
  if (query.includes('responses_total')) return [series({}, (share) => traffic.requests * wave(share))];
  if (query.includes('average_seconds')) return [series({}, (share) => traffic.meanSeconds * wave(share))];
  const { p95Seconds } = traffic;
  return p95Seconds === undefined ? [] : [series({}, (share) => p95Seconds * wave(share))];
}
