import { describe, expect, test } from '@jest/globals';
import type { Reader } from '../catalogue/label.js';
import { nameIssues } from './name-issues.js';

function tell(parameters: Record<string, string>, reader: Reader, knownNames: readonly string[] = []) {
  return nameIssues(parameters, { service: 's', reader, knownNames }).map(
    ({ label, expected, kind }) => `${kind} ${label} → ${expected}`,
  );
}

describe('names that nobody reads', () => {
  test.each([
    ['proxy-configurator', 'Users', 'users'],
    ['proxy-configurator', 'servicedomain', 'serviceDomain'],
    ['proxy-configurator', 'userSecret', 'usersSecret'],
    ['proxy-configurator', 'service_path', 'servicePath'],
    ['proxy-configurator', 'servicePaht.2', 'servicePath.2'],
    ['monitor', 'scrapPort', 'scrapePort'],
    ['monitor', 'alertIff.1', 'alertIf.1'],
    ['swarm-listener', 'Notify', 'notify'],
    ['scaler', 'scaleMni', 'scaleMin'],
  ] as const)('%s tells of %s', (reader, name, right) =>
    expect(tell({ [name]: 'x' }, reader)).toEqual([`misspelt ${name} → ${right}`]),
  );

  test('are told by the program that would read the right one', () => {
    expect(tell({ scrapPort: '80' }, 'proxy-configurator')).toEqual([]);
    expect(tell({ Users: 'a:b' }, 'monitor')).toEqual([]);
  });

  test('are told beside the right one, too, and not when a variable names them', () => {
    expect(tell({ Users: 'x', users: 'a:b' }, 'proxy-configurator')).toEqual(['misspelt Users → users']);
    expect(tell({ Port: '1' }, 'proxy-configurator', ['Port'])).toEqual([]);
  });

  test.each(['team', 'com', 'owner', 'version.1', 'x'.repeat(100_000), '-'.repeat(100_000)])(
    'and are far from any label are nobody’s business',
    (name) => expect(tell({ [name]: 'x' }, 'proxy-configurator')).toEqual([]),
  );

  test('do not give away what stands behind a secret one', () => {
    expect(nameIssues({ Users: 'joe:pw' }, { service: 's', reader: 'proxy-configurator' })).toMatchObject([
      { label: 'Users', value: '' },
    ]);
  });
});

describe('numbers that nobody reads', () => {
  test.each([
    [{ 'port.0': '80' }, ['number port.0 → 1, 2, …']],
    [{ 'port.01': '80' }, ['number port.01 → 1, 2, …']],
    [{ 'users.1': 'a:b' }, ['number users.1 → users']],
    [{ 'port.1': '1', 'port.3': '3', 'servicePath.3': '/c' }, ['number port.3 → 2']],
    [{ 'servicePath.2': '/b' }, ['number servicePath.2 → 1']],
    [{ 'port.1': '1', 'port.2': '3' }, []],
    [{ port: '1' }, []],
  ])('of %j', (parameters: Record<string, string>, told) =>
    expect(tell(parameters, 'proxy-configurator')).toEqual(told),
  );

  test('of destinations end at ten', () => {
    const ports = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`port.${i + 1}`, '1']));
    expect(tell(ports, 'proxy-configurator')).toEqual(['number port.11 → a number up to 10']);
  });

  test('of alerts may have gaps', () => {
    expect(tell({ 'alertName.3': 'x', 'alertIf.0': 'y', 'scrapePort.1': '80' }, 'monitor')).toEqual([
      'number alertIf.0 → 1, 2, …',
      'number scrapePort.1 → scrapePort',
    ]);
  });
});

test('old names are told with the new one', () => {
  expect(tell({ addHeader: 'X-A 1' }, 'proxy-configurator')).toEqual(['obsolete addHeader → addReqHeader']);
});
