import { describe, expect, test } from '@jest/globals';
import { putService } from '../../testing/world.js';
import type { Parameters } from '@docker-flow/labels';
import {
  acceptedAlerts,
  alertsInForce,
  applyChanges,
  EMPTY_STATE,
  rejectAlerts,
  rejectedAlerts,
  type Change,
  type MonitorState,
} from './monitor-state.js';

function tablesOf(...services: readonly Parameters[]): MonitorState {
  return applyChanges(
    EMPTY_STATE,
    services.map((parameters) => putService(parameters)),
  ).state;
}

function after(state: MonitorState, change: Change) {
  const { state: next, removed } = applyChanges(state, [change]);
  return { next, removed: removed[0] };
}

const web = {
  serviceName: 'web',
  scrapePort: '80',
  'alertName.1': 'b',
  'alertIf.1': 'up > 1',
  'alertName.2': 'a',
  'alertIf.2': 'up > 2',
  'alertPersistent.2': 'true',
};

describe('a service that is put', () => {
  test('replaces all that was known of it, persistent alerts included', () => {
    const { next } = after(tablesOf(web), putService({ serviceName: 'web' }));
    expect(next.services.get('web')).toMatchObject({ scrape: undefined, outcomes: [] });
  });

  test('leaves its neighbours as they are, even those whose names begin alike', () => {
    const before = tablesOf(web, { ...web, serviceName: 'web_two' });
    const { next } = after(before, putService({ serviceName: 'web' }));
    expect(next.services.get('web_two')).toBe(before.services.get('web_two'));
  });
});

describe('a service that is removed', () => {
  test('answers its job and its alerts by name, and keeps what is persistent', () => {
    const { next, removed } = after(tablesOf(web), { kind: 'remove-service', service: 'web' });
    expect(removed?.scrape?.port).toBe(80);
    expect(removed?.alerts.map(({ name }) => name)).toEqual(['b']);
    expect(next.services.get('web')?.scrape).toBeUndefined();
    expect(alertsInForce(next.services.get('web') ?? never()).map(({ name }) => name)).toEqual(['a']);
  });

  test('is no error when nobody knows it', () => {
    const { next, removed } = after(EMPTY_STATE, { kind: 'remove-service', service: 'web' });
    expect(removed).toEqual({ scrape: undefined, alerts: [], node: undefined });
    expect(next.services.size).toBe(0);
  });

  test('loses even persistent alerts when it is forgotten', () => {
    const { next } = after(tablesOf(web), { kind: 'forget-service', service: 'web' });
    expect(next.services.size).toBe(0);
  });
});

test('a node is replaced as a whole, and its labels are answered when it goes', () => {
  const put = (labels: Readonly<Record<string, string>>): Change => ({ kind: 'put-node', id: 'n', labels });
  const { state } = applyChanges(EMPTY_STATE, [put({ a: '1', b: '2' }), put({ a: '3' })]);
  expect(state.nodes.get('n')).toEqual({ a: '3' });
  const gone = after(state, { kind: 'remove-node', id: 'n' });
  expect(gone.removed?.node).toEqual({ a: '3' });
  expect(after(gone.next, { kind: 'remove-node', id: 'n' }).removed?.node).toBeUndefined();
});

test('of two alerts with one formatted name the later is in force', () => {
  const twice = {
    serviceName: 's',
    'alertName.1': 'al-ert',
    'alertIf.1': 'up > 1',
    'alertName.2': 'alert',
    'alertIf.2': 'up > 2',
  };
  const record = tablesOf(twice).services.get('s') ?? never();
  expect(acceptedAlerts(record)).toHaveLength(2);
  expect(alertsInForce(record).map(({ expression }) => expression)).toEqual(['up > 2']);
});

test('a rejected alert keeps its place among the others and its reason; other services are the same objects', () => {
  const before = tablesOf(web, { serviceName: 'other', alertName: 'x', alertIf: 'up' });
  const checked = rejectAlerts(before, ({ name }) => (name === 'b' ? 'no PromQL' : undefined));
  const record = checked.services.get('web') ?? never();
  expect(rejectedAlerts(record)).toEqual([{ alertName: 'b', reason: 'no PromQL' }]);
  expect(record.outcomes[0]).toHaveProperty('rejected');
  expect(acceptedAlerts(record).map(({ name }) => name)).toEqual(['a']);
  expect(checked.services.get('other')).toBe(before.services.get('other'));
});

test('changes do not touch the state they are applied to', () => {
  const before = tablesOf(web);
  after(before, { kind: 'forget-service', service: 'web' });
  expect(before.services.has('web')).toBe(true);
});

function never(): never {
  throw new Error('the service is not there');
}
