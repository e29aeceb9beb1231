import { expect, test } from '@jest/globals';
import { composeState } from '../testing/world.js';
import { servicePart } from '../core/files/build.js';
import { builtInShortcuts } from '../core/shortcuts/built-in-shortcuts.js';
import { shortcutList, stateStatus } from './status.js';

test('every service is shown with its targets, its alerts, and what could not be used', () => {
  const state = composeState({
    services: [
      { serviceName: 'web', scrapePort: '80', nodeInfo: '[["n","10.0.0.1","id"]]' },
      { serviceName: 'db', scrapePort: 'x', alertName: 'a', alertIf: '@nope' },
    ],
  });
  const status = stateStatus(state, {
    rejectedParts: new Map([[servicePart('web'), 'Prometheus rejects it']]),
    lastErrors: new Map(),
  });
  expect(status.services.map(({ serviceName }) => serviceName)).toEqual(['db', 'web']);
  expect(status.services[0]).toMatchObject({
    scrape: undefined,
    alerts: [],
    rejected: [{ alertName: 'a', reason: expect.stringContaining('there is no shortcut named @nope') }],
    problems: [expect.stringContaining('scrapePort')],
  });
  expect(status.services[1]?.scrape).toMatchObject({
    targets: ['10.0.0.1:80'],
    rejected: 'Prometheus rejects it',
  });
  expect(status.rejectedParts).toEqual([{ part: 'service web', reason: 'Prometheus rejects it' }]);
});

test('every shortcut is shown with its form and what it becomes', () => {
  const list = shortcutList(
    builtInShortcuts({ nodeMetrics: 'legacy', proxyMetrics: 'built-in', prometheusMajor: 2 }),
  );
  const names = list.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  expect(list.find(({ name }) => name === '@service_cpu_limit')).toMatchObject({
    form: '@service_cpu_limit:SHARE,[WINDOW=5m]',
    summary: 'CPU of the service SERVICE is over SHARE',
    origin: 'built-in',
  });
});
