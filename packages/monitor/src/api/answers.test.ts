import { describe, expect, test } from '@jest/globals';
import { nodeAnswer, badNodeRequest, badServiceRequest, serviceAnswer } from './answers.js';

const nothing = {
  scrape: undefined,
  alerts: [],
  picksTargetLabels: false,
};

describe('the answer about a service', () => {
  test('of nothing has the keys that clients always expect', () =>
    expect(serviceAnswer(nothing)).toEqual({
      Status: 200,
      Message: '',
      Alerts: [],
      scrapeType: '',
      serviceName: '',
    }));

  test('says when the job was rejected, because the status stays 200', () =>
    expect(serviceAnswer({ ...nothing, jobRejection: 'no hostname' })).toMatchObject({
      Status: 200,
      Message: 'the scrape job is rejected: no hostname',
      Warnings: ['the scrape job is rejected: no hostname'],
    }));

  test('holds settings as JSON texts in JSON texts, escaped as Go does, and the port as a text', () =>
    expect(
      serviceAnswer({
        ...nothing,
        scrape: { service: 's', port: 80, type: '', metricsPath: '/a?b=<1>&c', interval: '15s' },
      }),
    ).toMatchObject({
      scrapePort: '80',
      metricsPath: '"/a?b=\\u003c1\\u003e\\u0026c"',
      scrapeInterval: '"15s"',
    }));

  test('shows labels of known tasks even when there are none, if some are picked', () => {
    const scrape = {
      service: 's',
      port: 80,
      type: '',
      targetLabels: {},
      tasks: [{ nodeName: 'n', address: '10.0.0.1', nodeId: 'id' }],
    };
    const picked = serviceAnswer({ ...nothing, scrape, picksTargetLabels: true });
    expect(picked).toMatchObject({ scrapeLabels: {}, nodeInfo: [['n', '10.0.0.1', 'id']] });
    expect(serviceAnswer({ ...nothing, scrape })).not.toHaveProperty('scrapeLabels');
    const found = serviceAnswer({ ...nothing, scrape: { ...scrape, tasks: [] }, picksTargetLabels: true });
    expect(found).not.toHaveProperty('scrapeLabels');
  });

  test('says what was rejected and why it is not live, and is 500 then', () => {
    const answer = serviceAnswer({
      ...nothing,
      failure: 'Prometheus is not running',
      rejected: [{ alertName: 'x', reason: 'no PromQL' }],
    });
    expect(answer).toMatchObject({
      Status: 500,
      Message: 'Prometheus is not running; rejected alert: x (no PromQL)',
      Rejected: [{ alertName: 'x', reason: 'no PromQL' }],
    });
  });

  test('of a rejected request has exactly the five keys', () =>
    expect(badServiceRequest('no name')).toEqual({
      Status: 400,
      Message: 'no name',
      Alerts: [],
      scrapeType: '',
      serviceName: '',
    }));
});

test('the answer about a node shows its labels, or null for one that nobody knows', () => {
  expect(nodeAnswer('n', { a: 'b' }, undefined)).toEqual({
    Status: 200,
    NodeID: 'n',
    Message: '',
    NodeLabel: { a: 'b' },
  });
  expect(nodeAnswer('n', null, 'why')).toEqual({ Status: 500, NodeID: 'n', Message: 'why', NodeLabel: null });
  expect(badNodeRequest('no id')).toEqual({ Status: 400, NodeID: '', Message: 'no id', NodeLabel: null });
});
