import { expect, test } from '@jest/globals';
import type { ServiceDetail } from '../../../src/core/detail/service-detail.js';
import type { Timeline } from '../../../src/core/detail/timeline.js';
import { keepDetail, keepTimeline } from './keep-last.js';

const nothing: Timeline = {
  fromMs: 0,
  toMs: 1,
  replicas: [],
  series: [],
  loads: [],
  alerts: [],
  decisions: [],
  unanswered: [],
};
const last: Timeline = {
  ...nothing,
  replicas: [{ atMs: 0, wanted: 2 }],
  series: [{ name: 'requests', points: [[0, 1]] }],
  alerts: [{ name: 'slow', state: 'firing', fromMs: 0, toMs: 1 }],
};

test('who did not answer has said what it said last, and time goes on', () => {
  const answer: Timeline = { ...nothing, toMs: 9, unanswered: ['prometheus'] };
  expect(keepTimeline(last, answer)).toEqual({
    ...answer,
    series: last.series,
    loads: last.loads,
    alerts: last.alerts,
  });
  expect(keepTimeline(last, { ...nothing, unanswered: ['scaler'] }).replicas).toEqual(last.replicas);
});

test('who answers that there is nothing has nothing', () => {
  expect(keepTimeline(last, nothing)).toEqual(nothing);
  expect(keepTimeline(undefined, { ...nothing, unanswered: ['scaler'] }).replicas).toEqual([]);
});

const detail: ServiceDetail = {
  name: 'web',
  labels: [],
  routes: [],
  servers: [{ backend: 'web-be80_0', server: 'web_0', state: 'UP' }],
  targets: [],
  alerts: [],
  tasks: [{ node: 'a', addresses: [], tasks: [{ state: 'running' }] }],
  decisions: [],
  unanswered: [],
};

test('servers and tasks of a service stay while nobody tells of them, but not those of another service', () => {
  const answer: ServiceDetail = { ...detail, servers: [], tasks: [], unanswered: ['prometheus'] };
  expect(keepDetail(detail, answer)).toEqual({ ...answer, servers: detail.servers });
  expect(keepDetail(detail, { ...answer, unanswered: ['scaler'] }).tasks).toEqual(detail.tasks);
  expect(keepDetail({ ...detail, name: 'db' }, answer)).toEqual(answer);
});
