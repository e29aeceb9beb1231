import { describe, expect, test } from '@jest/globals';
import type { Action } from '../notifications/announcement.js';
import type { NewestTasks } from './observation.js';
import { createServiceModel, type ServiceModel } from './service-model.js';
import { aNode, aService, aTask, nodesOf, someRules } from '../../testing/swarm-objects.js';

const waits = { 'com.df.notify': 'true', 'com.df.scrapeNetwork': 'monitor' };
const nodes = nodesOf(aNode());
const running: NewestTasks = { tasks: [aTask()], nodes };
const none: NewestTasks = { tasks: [], nodes };

function model(change: Parameters<typeof someRules>[0] = {}): ServiceModel {
  return createServiceModel(someRules(change));
}

/** In words: `present web 3 always`. */
function words(actions: readonly Action[]): readonly string[] {
  return actions.map((action) => {
    if (action.kind !== 'present') return action.kind;
    const { announcement, always, removeFirst } = action;
    const { replicas, mark, nodeInfo } = announcement.create;
    const said = [announcement.name, replicas, mark, nodeInfo].filter((one) => one !== undefined);
    return [
      'present',
      ...said,
      ...(always === true ? ['always'] : []),
      ...(removeFirst === true ? ['after remove'] : []),
    ].join(' ');
  });
}

describe('a service without scrapeNetwork', () => {
  test('is announced at once, whatever its tasks do, and gone when Docker says so', () => {
    const one = model();
    expect(words(one.observe('a', { service: aService() }, 'event', 0))).toEqual(['present web 1']);
    expect(words(one.observe('a', undefined, 'event', 1))).toEqual(['absent']);
    expect(words(one.observe('a', { service: aService() }, 'compare', 2))).toEqual(['present web 1']);
  });

  test('is announced by the initial sync with what serves, after a remove when nothing does', () => {
    expect(words(model().observe('a', { service: aService(), serving: true }, 'initialSync', 0))).toEqual([
      'present web 1',
    ]);
    expect(words(model().observe('a', { service: aService(), serving: false }, 'initialSync', 0))).toEqual([
      'present web 1 after remove',
    ]);
    // Not knowing is no reason to take it away.
    expect(words(model().observe('a', { service: aService() }, 'initialSync', 0))).toEqual(['present web 1']);
  });
});

test.each(['none', 'all'] as const)('a job that runs is announced when waiting is %s', (waitFor) => {
  const job = aService({ mode: 'other', replicas: undefined, labels: waits });
  const [action, ...more] = words(model({ waitFor }).observe('a', { service: job }, 'compare', 0));
  expect([action, more]).toEqual(['present web 0', []]);
});

describe('a service with scrapeNetwork', () => {
  const service = aService({ labels: waits });

  test('is announced when its tasks have run for the stability window', () => {
    const one = model();
    expect(words(one.observe('a', { service }, 'event', 0))).toEqual([]);
    expect(one.isWaiting('a')).toBe(true);
    expect(words(one.observe('a', { service, newestTasks: none }, 'compare', 100))).toEqual([]);
    expect(words(one.observe('a', { service, newestTasks: running }, 'compare', 200))).toEqual([]);
    expect(words(one.observe('a', { service, newestTasks: running }, 'compare', 5_199))).toEqual([]);
    expect(words(one.observe('a', { service, newestTasks: running }, 'compare', 5_200))).toEqual([
      'present web 1',
    ]);
    expect(one.waiting()).toBe(0);
  });

  test('keeps what receivers know while a newer state waits', () => {
    const one = model();
    one.observe('a', { service, serving: true }, 'initialSync', 0);
    const scaled = aService({ labels: waits, replicas: 3 });
    expect(words(one.observe('a', { service: scaled }, 'event', 10))).toEqual(['present web 1']);
    expect(one.isWaiting('a')).toBe(true);
  });

  test('starts its wait over when it changes meanwhile, also when no event told of it', () => {
    const one = model();
    one.observe('a', { service }, 'event', 0);
    one.observe('a', { service, newestTasks: running }, 'compare', 100);
    const changed = aService({ labels: { ...waits, 'com.df.mark': 'new' } });
    expect(words(one.observe('a', { service: changed, newestTasks: running }, 'compare', 5_000))).toEqual([]);
    expect(words(one.observe('a', { service: changed, newestTasks: running }, 'compare', 9_999))).toEqual([]);
    expect(words(one.observe('a', { service: changed, newestTasks: running }, 'compare', 10_000))).toEqual([
      'present web 1 new',
    ]);
  });

  test('is not announced when its update is paused, and no list brings the wait back', () => {
    const one = model();
    const paused = aService({ labels: waits, updateState: 'paused' });
    one.observe('a', { service: paused }, 'event', 0);
    expect(words(one.observe('a', { service: paused, newestTasks: running }, 'compare', 100))).toEqual([
      'not converged',
    ]);
    expect(words(one.observe('a', { service: paused }, 'compare', 200))).toEqual([]);
    expect(one.isWaiting('a')).toBe(false);
    one.observe('a', { service: aService({ labels: waits, updateState: 'updating' }) }, 'event', 300);
    expect(one.isWaiting('a')).toBe(true);
  });

  test('is announced as it is when the time limit has passed, with a warning', () => {
    const one = model({ convergenceTimeoutMs: 60_000 });
    one.observe('a', { service }, 'event', 0);
    expect(words(one.observe('a', { service, newestTasks: none }, 'compare', 59_999))).toEqual([]);
    expect(words(one.observe('a', { service, newestTasks: none }, 'compare', 60_000))).toEqual([
      'convergence timeout',
      'present web 1',
    ]);
  });

  test('is removed by the initial sync when nothing of it serves, and announced later', () => {
    const one = model();
    expect(words(one.observe('a', { service, serving: false }, 'initialSync', 0))).toEqual(['absent']);
    expect(one.isWaiting('a')).toBe(true);
  });

  test('is announced degraded by the initial sync: what serves keeps its route', () => {
    const degraded = aService({ labels: waits, replicas: 3 });
    expect(words(model().observe('a', { service: degraded, serving: true }, 'initialSync', 0))).toEqual([
      'present web 3',
    ]);
  });

  test('is announced twice with the immediate flag: at once, and with its tasks when they run', () => {
    const one = model({ immediately: true, nodeInfo: 'without addresses' });
    const info = { value: '[["host-1","","node-1"]]' };
    expect(words(one.observe('a', { service, nodeInfo: { value: undefined } }, 'event', 0))).toEqual([
      'present web 1',
    ]);
    expect(words(one.observe('a', { service, nodeInfo: info }, 'compare', 500))).toEqual([
      `present web 1 ${info.value}`,
    ]);
  });

  test('waits for nothing when waiting is switched off, and every service waits when it is switched to all', () => {
    expect(words(model({ waitFor: 'none' }).observe('a', { service }, 'event', 0))).toEqual([
      'present web 1',
    ]);
    expect(words(model({ waitFor: 'all' }).observe('a', { service: aService() }, 'event', 0))).toEqual([]);
  });
});

test('sending again tells everything to everybody, also without a change', () => {
  const one = model();
  one.observe('a', { service: aService() }, 'event', 0);
  expect(words(one.observe('a', { service: aService() }, 'resend', 1))).toEqual(['present web 1 always']);
});

test('changed node information of an unchanged service is told', () => {
  const one = model({ nodeInfo: 'with addresses', waitFor: 'none' });
  const service = aService({ labels: waits });
  one.observe('a', { service, nodeInfo: { value: '[1]' } }, 'event', 0);
  expect(words(one.observe('a', { service, nodeInfo: { value: '[2]' } }, 'compare', 1))).toEqual([
    'present web 1 [2]',
  ]);
  // A look that did not ask for the tasks does not forget them.
  expect(words(one.observe('a', { service }, 'compare', 2))).toEqual(['present web 1 [2]']);
});
