import { createDocument, type Change, type Document } from '../changes/document.js';
import type { PrometheusReading } from '../readings/prometheus.js';
import { SOURCE_NAMES, type Pieces, type Readings, type SourceName } from '../readings/readings.js';
import type { SourceView } from '../view/view.js';
import { certificateViews } from './certificate-views.js';
import { createKeyGroup } from './key-group.js';
import { nodeViews } from './node-views.js';
import { programProblems } from './program-problems.js';
import { ruleNames } from './service-alerts.js';
import { problemId, serviceProblems, type FoundProblem } from './service-problems.js';
import { serviceRoutes } from './service-routes.js';
import { serviceRow } from './service-row.js';
import { isConditional, markShadowed } from './shadowed-routes.js';
import { shareUnchanged } from './share-unchanged.js';
import { buildStation, STATION_NAMES } from './stations.js';

/** Everything that is known of the loop, joined by the names of services. */
export interface Board {
  readonly document: Pick<Document, 'since' | 'whole'>;
  /** A source has answered. Answers what is different now; only what its answer changed is looked at. */
  read<N extends SourceName>(name: N, reading: Required<Readings>[N], nowMs: number): Change | undefined;
  /** A source has said that nothing is new. */
  unchanged(name: SourceName, nowMs: number): Change | undefined;
  /** A source has not answered: what it said last stays, with since when it is old. */
  lost(name: SourceName, reason: string, nowMs: number): Change | undefined;
  readings(): Readings;
  piecesOf(service: string): Pieces;
  sourceOf(name: SourceName): SourceView;
}

/** Under which problems of the programs themselves are kept. */
const NO_SERVICE = '';

/** @param configured the sources that are asked; all others are `off` */
export function createBoard(configured: ReadonlySet<SourceName>, startedAtMs: number): Board {
  const document = createDocument();
  const groups = {
    problem: createKeyGroup(document, 'problem'),
    route: createKeyGroup(document, 'route'),
    decision: createKeyGroup(document, 'decision'),
    certificate: createKeyGroup(document, 'certificate'),
    node: createKeyGroup(document, 'node'),
  };
  const sources = new Map<SourceName, SourceView>();
  const problems = new Map<string, readonly FoundProblem[]>();
  const firstSeen = new Map<string, number>();
  /** Services by the name of their alerting rules. */
  const rulesOf = new Map<string, string>();
  let readings: Readings = {};

  for (const name of SOURCE_NAMES)
    setSource({ name, state: configured.has(name) ? 'waiting' : 'off', sinceMs: startedAtMs });
  updateStations();
  document.commit();

  function setSource(view: SourceView): void {
    const last = sources.get(view.name);
    if (last?.state === view.state && last.reason === view.reason) return;
    const sinceMs = last?.state === view.state ? last.sinceMs : view.sinceMs;
    sources.set(view.name, { ...view, sinceMs });
    document.set(`source/${view.name}`, { ...view, sinceMs });
  }

  function sourceOf(name: SourceName): SourceView {
    return sources.get(name) ?? { name, state: 'off', sinceMs: startedAtMs };
  }

  function piecesOf(service: string): Pieces {
    const pieces: Partial<Record<SourceName, unknown>> = {};
    for (const name of SOURCE_NAMES) {
      const piece = readings[name]?.services.get(service);
      if (piece !== undefined) pieces[name] = piece;
    }
    return pieces as Pieces;
  }

  /** A service is what a program configures: jobs of Prometheus, labels of alerts and tasks alone do not make one. */
  function isService(service: string): boolean {
    const { listener, proxy, monitor, scaler } = readings;
    return (
      [listener, proxy, monitor].some((reading) => reading?.services.has(service)) ||
      scaler?.services.get(service)?.service !== undefined
    );
  }

  function updateService(service: string, nowMs: number): void {
    if (service === NO_SERVICE) return;
    const pieces = piecesOf(service);
    if (!isService(service)) {
      document.remove(`service/${service}`);
      setProblems(service, [], nowMs);
      return;
    }
    for (const rule of ruleNames(pieces)) rulesOf.set(rule, service);
    const found = serviceProblems(service, pieces);
    const rules = readings.prometheus?.rules ?? new Map<string, never>();
    document.set(`service/${service}`, serviceRow({ service, pieces, rules, problems: found }));
    setProblems(service, found, nowMs);
  }

  function setProblems(service: string, found: readonly FoundProblem[], nowMs: number): void {
    const before = new Set(problems.get(service)?.map(problemId));
    if (found.length > 0) problems.set(service, found);
    else problems.delete(service);
    const views = found.map((one) => {
      const id = problemId(one);
      const sinceMs = firstSeen.get(id) ?? nowMs;
      firstSeen.set(id, sinceMs);
      before.delete(id);
      return { ...one, id, sinceMs };
    });
    for (const id of before) firstSeen.delete(id);
    groups.problem.setPart(service, views);
  }

  function updateStations(): void {
    const rejected: Partial<Record<SourceName, number>> = {};
    for (const list of problems.values())
      for (const { kind, source, service } of list)
        if (kind === 'rejected' && service !== '') rejected[source] = (rejected[source] ?? 0) + 1;
    for (const name of STATION_NAMES)
      document.set(`station/${name}`, buildStation(name, sourceOf(name), readings, { rejected }));
  }

  /** What belongs to no single service. */
  function updateLists(name: SourceName, nowMs: number): void {
    setProblems(NO_SERVICE, programProblems(readings), nowMs);
    if (name === 'proxy' || name === 'listener') {
      const services = [...(readings.proxy?.services.keys() ?? [])];
      const routed = services.map((service) => {
        const pieces = piecesOf(service);
        return {
          aclName: pieces.proxy?.aclName ?? service,
          isConditional: isConditional(pieces.listener?.parameters),
          routes: serviceRoutes(service, pieces),
        };
      });
      groups.route.setPart('', markShadowed(routed));
    }
    if (name === 'proxy' || name === 'certificates')
      groups.certificate.setPart(
        '',
        certificateViews(readings, nowMs).map((view) => ({ ...view, id: view.name })),
      );
    if (name === 'listener') groups.node.setPart('', nodeViews(readings));
    if (name === 'scaler') groups.decision.setPart('', readings.scaler?.decisions ?? []);
  }

  /** Takes a reading in; answers the services of which it says something else. */
  function takeIn<N extends SourceName>(name: N, reading: Required<Readings>[N]): ReadonlySet<string> {
    const { values: services, changed } = shareUnchanged<unknown>(readings[name]?.services, reading.services);
    const rules = name === 'prometheus' ? (reading as PrometheusReading).rules : undefined;
    const shared = rules && shareUnchanged(readings.prometheus?.rules, rules);
    readings = { ...readings, [name]: { ...reading, services, ...(shared && { rules: shared.values }) } };
    const ofRules = shared?.changed.flatMap((rule) => rulesOf.get(rule) ?? []) ?? [];
    return new Set([...changed, ...ofRules]);
  }

  return {
    document,
    read(name, reading, nowMs) {
      for (const service of takeIn(name, reading)) updateService(service, nowMs);
      setSource({ name, state: 'up', sinceMs: nowMs });
      updateLists(name, nowMs);
      updateStations();
      return document.commit();
    },
    unchanged(name, nowMs) {
      if (sourceOf(name).state === 'up') return undefined;
      setSource({ name, state: 'up', sinceMs: nowMs });
      updateStations();
      return document.commit();
    },
    lost(name, reason, nowMs) {
      setSource({ name, state: 'away', sinceMs: nowMs, reason });
      updateStations();
      return document.commit();
    },
    readings: () => readings,
    piecesOf,
    sourceOf,
  };
}
