import { NotFoundError } from '@docker-flow/daemon/errors';
import { serviceDetail, type BackendServer, type ServiceDetail } from '../core/detail/service-detail.js';
import { targetQueries } from '../core/detail/target-queries.js';
import {
  buildTimeline,
  timelineQueries,
  type Range,
  type RangeQuery,
  type Timeline,
} from '../core/detail/timeline.js';
import type { SourceName } from '../core/readings/readings.js';
import type { ScalerTask } from '../core/readings/scaler.js';
import type { Board } from '../core/join/board.js';
import { ruleNames } from '../core/join/service-alerts.js';
import type { RouteExplainer, ScalerQuestions, ServiceHistory } from '../ports.js';

/** What people ask about one service, beyond what is always on the page. */
export interface ServiceQuestions {
  /** `undefined` when no program knows the service. */
  detail(service: string): Promise<ServiceDetail | undefined>;
  timeline(service: string, range: Range): Promise<Timeline>;
  /** @throws {NotFoundError} without a proxy; {UpstreamError} when it does not answer */
  explain(request: { readonly host: string; readonly path: string }): Promise<unknown>;
}

export interface ServiceQuestionDeps {
  readonly board: Board;
  readonly history: ServiceHistory | undefined;
  readonly scaler: ScalerQuestions | undefined;
  readonly explainer: RouteExplainer | undefined;
  readonly now: () => number;
}

export function createServiceQuestions(deps: ServiceQuestionDeps): ServiceQuestions {
  const { board, history, scaler, explainer, now } = deps;
  return {
    async detail(service) {
      const pieces = board.piecesOf(service);
      if (Object.keys(pieces).length === 0) return undefined;
      const asking = createAsking();
      const [servers, tasks] = await Promise.all([
        asking.orNothing<readonly BackendServer[]>('prometheus', history?.servers(service), []),
        asking.orNothing<readonly ScalerTask[] | undefined>('scaler', scaler?.tasks(service), undefined),
      ]);
      const asked = { servers, tasks, unanswered: asking.unanswered() };
      return serviceDetail(service, pieces, board.readings(), asked);
    },
    async timeline(service, range) {
      const toMs = now();
      const pieces = board.piecesOf(service);
      const metrics = pieces.scaler?.service?.target?.metrics ?? [];
      const asking = createAsking();
      const seriesOf = (queries: readonly RangeQuery[]) =>
        asking.orNothing('prometheus', history?.series(queries, range, toMs), []);
      const [series, loads, alerts, counts] = await Promise.all([
        seriesOf(timelineQueries(service, range)),
        seriesOf(targetQueries(service, metrics)),
        asking.orNothing('prometheus', history?.alerts(ruleNames(pieces), range, toMs), []),
        asking.orNothing('scaler', scaler?.replicas(service), []),
      ]);
      return buildTimeline({
        service,
        pieces,
        decisions: board.readings().scaler?.decisions ?? [],
        replicas: counts,
        series,
        loads,
        alerts,
        unanswered: asking.unanswered(),
        fromMs: toMs - range * 1_000,
        toMs,
      });
    },
    explain(request) {
      if (explainer === undefined) throw new NotFoundError('PROXY_ADDRESS is not set');
      return explainer.explain(request);
    },
  };
}

/** A source that is away costs its own part only; the page keeps what it said of that before. */
function createAsking() {
  const unanswered = new Set<SourceName>();
  return {
    async orNothing<T>(source: SourceName, answer: Promise<T> | undefined, nothing: T): Promise<T> {
      try {
        return (await answer) ?? nothing;
      } catch {
        unanswered.add(source);
        return nothing;
      }
    },
    unanswered: (): readonly SourceName[] => [...unanswered],
  };
}
