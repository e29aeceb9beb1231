import type { Readings, SourceName } from '../readings/readings.js';
import type { Fact, Health, SourceView, Station } from '../view/view.js';

interface Judgement {
  readonly health: Health;
  readonly reasons: readonly string[];
  readonly facts: readonly Fact[];
}

const TITLES: Readonly<Partial<Record<SourceName, string>>> = {
  listener: 'Listener',
  proxy: 'Proxy',
  monitor: 'Monitor',
  alertmanager: 'Alertmanager',
  scaler: 'Scaler',
};

/** The loop, station after station. */
export const STATION_NAMES = ['listener', 'proxy', 'monitor', 'alertmanager', 'scaler'] as const;
export type StationName = (typeof STATION_NAMES)[number];

/** What counts besides the readings. */
export interface StationCounts {
  readonly rejected: Readonly<Partial<Record<SourceName, number>>>;
}

export function buildStation(
  name: StationName,
  source: SourceView,
  readings: Readings,
  counts: StationCounts,
): Station {
  const judged = judge(name, readings, counts);
  const { health, reasons } =
    source.state === 'up'
      ? judged
      : { health: source.state, reasons: source.reason === undefined ? [] : [source.reason] };
  const order = STATION_NAMES.indexOf(name);
  return {
    name,
    title: TITLES[name] ?? name,
    order,
    health,
    reasons,
    facts: judged.facts,
    sinceMs: source.sinceMs,
  };
}

function judge(name: StationName, readings: Readings, { rejected }: StationCounts): Judgement {
  switch (name) {
    case 'listener':
      return judgeListener(readings.listener);
    case 'proxy':
      return judgeProxy(readings, rejected.proxy ?? 0);
    case 'monitor':
      return judgeMonitor(readings, rejected.monitor ?? 0);
    case 'alertmanager':
      return judgeAlertmanager(readings.alertmanager);
    case 'scaler':
      return judgeScaler(readings.scaler);
  }
}

function judgement(bad: readonly string[], warnings: readonly string[], facts: readonly Fact[]): Judgement {
  const health = bad.length > 0 ? 'bad' : warnings.length > 0 ? 'warning' : 'good';
  return { health, reasons: [...bad, ...warnings], facts };
}

function judgeListener(reading: Readings['listener']): Judgement {
  if (reading === undefined) return judgement([], [], []);
  const services = [...reading.services.values()];
  const warned = services.filter(({ issues }) => issues.length > 0).length;
  return judgement(
    reading.ready ? [] : reading.problems,
    warned === 0 ? [] : [`${count(warned, 'service')} with labels that are written and not in force`],
    [
      numberOf(services.filter(({ parameters }) => parameters).length, 'service'),
      { label: 'waiting', value: String(reading.waiting) },
      numberOf(reading.nodes.length, 'node'),
    ],
  );
}

function judgeProxy({ proxy, prometheus }: Readings, rejected: number): Judgement {
  if (proxy === undefined) return judgement([], [], []);
  const live = [...proxy.services.values()].filter(({ routes }) => routes.length > 0).length;
  const troubled = proxy.certificates.flatMap(({ name, problem, renewalProblem }) => {
    const text = problem ?? renewalProblem;
    return text === undefined ? [] : [`certificate ${name}: ${text}`];
  });
  // Prometheus knows of all replicas, and of changes that left everything as it was.
  const lastGoodAtMs = prometheus?.loop.proxyLastGoodAtMs ?? proxy.lastChangeAtMs;
  const { changeP95Seconds } = proxy;
  return judgement(
    [
      ...(proxy.haproxy.running ? [] : ['HAProxy does not run']),
      ...(proxy.haproxy.problem === undefined ? [] : [proxy.haproxy.problem]),
    ],
    [...(rejected === 0 ? [] : [`${count(rejected, 'service')} rejected`]), ...proxy.warnings, ...troubled],
    [
      { label: 'routed', value: String(live) },
      { label: 'rejected', value: String(rejected) },
      ...(lastGoodAtMs === undefined ? [] : [{ label: 'last good', atMs: lastGoodAtMs }]),
      ...(changeP95Seconds === undefined ? [] : [{ label: 'label → live p95', seconds: changeP95Seconds }]),
    ],
  );
}

function judgeMonitor({ monitor, prometheus }: Readings, rejected: number): Judgement {
  if (monitor === undefined) return judgement([], [], []);
  const { lastReload, problems, rejectedParts } = monitor;
  const pieces = [...(prometheus?.services.values() ?? [])].flatMap(({ targets }) => targets);
  const up = pieces.filter(({ health }) => health === 'up').length;
  const p95 = prometheus?.loop.monitorInstallP95Seconds;
  const isLive = lastReload.result === 'live' || lastReload.result === 'never';
  return judgement(
    [
      ...(monitor.prometheus.running ? [] : [monitor.prometheus.reason ?? 'Prometheus does not run']),
      ...(isLive ? [] : [lastReload.reason ?? 'the last configuration is not live']),
    ],
    [
      ...(rejected === 0
        ? []
        : [`${count(rejected, 'alert or scrape job', 'alerts or scrape jobs')} rejected`]),
      ...problems,
      ...rejectedParts.map(({ part, reason }) => `${part}: ${reason}`),
    ],
    [
      { label: 'targets up', value: `${up} of ${pieces.length}` },
      { label: 'rejected', value: String(rejected + rejectedParts.length) },
      ...(lastReload.lastGoodAt === undefined
        ? []
        : [{ label: 'last good', atMs: Date.parse(lastReload.lastGoodAt) }]),
      ...(p95 === undefined ? [] : [{ label: 'label → live p95', seconds: p95 }]),
    ],
  );
}

function judgeAlertmanager(reading: Readings['alertmanager']): Judgement {
  const alerts = [...(reading?.services.values() ?? [])].flatMap((piece) => piece.alerts);
  const silenced = alerts.filter(({ state }) => state === 'suppressed').length;
  const heard = alerts.length - silenced;
  return judgement([], [], [numberOf(heard, 'alert'), { label: 'silenced', value: String(silenced) }]);
}

function judgeScaler(reading: Readings['scaler']): Judgement {
  if (reading === undefined) return judgement([], [], []);
  const services = [...reading.services.values()].flatMap(({ service }) => (service ? [service] : []));
  const [last] = reading.decisions;
  return judgement([], last?.outcome === 'failed' ? [`${last.service}: ${last.message}`] : [], [
    numberOf(services.length, 'service'),
    { label: 'paused', value: String(services.filter(({ paused }) => paused).length) },
    ...(last === undefined ? [] : [{ label: 'last decision', atMs: last.lastAtMs }]),
  ]);
}

function numberOf(number: number, one: string): Fact {
  return { label: number === 1 ? one : `${one}s`, value: String(number) };
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
