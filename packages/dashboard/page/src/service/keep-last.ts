import type { ServiceDetail } from '../../../src/core/detail/service-detail.js';
import type { Timeline } from '../../../src/core/detail/timeline.js';

/** A time line in which those who did not answer this time have said what they said last. */
export function keepTimeline(last: Timeline | undefined, answer: Timeline): Timeline {
  if (last === undefined) return answer;
  const { series, loads, alerts, replicas } = last;
  return {
    ...answer,
    ...(answer.unanswered.includes('prometheus') ? { series, loads, alerts } : {}),
    ...(answer.unanswered.includes('scaler') ? { replicas } : {}),
  };
}

/** The same for what is asked about a service. */
export function keepDetail(last: ServiceDetail | undefined, answer: ServiceDetail): ServiceDetail {
  if (last?.name !== answer.name) return answer;
  const { servers, tasks } = last;
  return {
    ...answer,
    ...(answer.unanswered.includes('prometheus') ? { servers } : {}),
    ...(answer.unanswered.includes('scaler') ? { tasks } : {}),
  };
}
