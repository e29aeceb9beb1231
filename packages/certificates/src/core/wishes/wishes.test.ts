import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { record, wish } from '../../testing/records.js';
import { assignNames } from './assign-names.js';
import { collectWishes } from './collect-wishes.js';
import { isDockerServiceName, readServiceRequest, type RequestSettings } from './service-request.js';

const SETTINGS: RequestSettings = {
  acmeByDefault: false,
  allow: [],
  challenge: 'http-01',
  keyType: 'ecdsa-p256',
  profile: undefined,
  dns: 'nothing',
  isStaging: false,
};

function request(labels: Readonly<Record<string, string>>, settings: Partial<RequestSettings> = {}) {
  return readServiceRequest({ serviceName: 'web', port: '80', ...labels }, { ...SETTINGS, ...settings });
}

function asked(service: string, names: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const found = request({ serviceName: service, acmeDomains: names.join(','), ...more });
  return found ? [found] : [];
}

describe('a request', () => {
  test('of a service that asks for nothing is none', () => {
    expect(request({ serviceDomain: 'a.test' })).toBeUndefined();
    expect(request({}, { acmeByDefault: true })).toBeUndefined();
  });

  test.each([
    [{ acmeDomains: '*.a.test,a.test' }, {}, ['a.test'], ['*.a.test']],
    [{ acmeDomains: '*.a.test,a.test' }, { dns: 'everything' as const }, ['*.a.test', 'a.test'], []],
    [{ acmeDomains: '*.a.test,*.b.test' }, { dns: new Set(['a.test']) }, ['*.a.test'], ['*.b.test']],
    [{ acmeDomains: 'a.test', acmeChallenge: 'dns-01' }, {}, [], ['a.test']],
    [{ acmeDomains: 'a.test,b.org' }, { allow: ['*.test', 'a.test'] }, ['a.test'], ['b.org']],
  ])('%j with %j is for %j and refuses %j', (labels, settings, names, refused) => {
    const found = request(labels, settings);
    expect(found?.names).toEqual(names);
    expect(found?.refused.map(({ name }) => name)).toEqual(refused);
  });

  test('that is only for trials is forbidden elsewhere', () => {
    const labels = { 'letsencrypt.host': 'a.test', 'letsencrypt.testing': 'true' };
    expect(request(labels)?.forbidden).toContain('staging');
    expect(request(labels, { isStaging: true })?.forbidden).toBeUndefined();
  });

  test.each([
    ['web', true],
    ['my_stack-web.1', true],
    ['../evil', false],
    ['-web', false],
    ['', false],
    ['a'.repeat(64), false],
    ['a b', false],
  ])('service name %j: %s', (name, expected) => {
    expect(isDockerServiceName(name)).toBe(expected);
  });
});

describe('wishes', () => {
  test('services with equal names share one, whatever their order', () => {
    const requests = [
      ...asked('b', ['x.test', 'y.test']),
      ...asked('a', ['y.test', 'x.test']),
      ...asked('c', ['z.test']),
    ];
    const wishes = collectWishes(requests);
    expect(wishes.map(({ services, names }) => [services, names])).toEqual([
      [
        ['a', 'b'],
        ['x.test', 'y.test'],
      ],
      [['c'], ['z.test']],
    ]);
    expect(collectWishes([...requests].reverse())).toEqual(wishes);
  });

  test('more names than a certificate takes are cut, in order', () => {
    const names = Array.from({ length: 120 }, (_, i) => `n${String(i).padStart(3, '0')}.test`);
    expect(collectWishes(asked('web', names)).map((one) => [one.part, one.names.length])).toEqual([
      [0, 100],
      [1, 20],
    ]);
    const short = collectWishes(asked('web', names.slice(0, 30), { acmeProfile: 'shortlived' }));
    expect(short.map((one) => one.names.length)).toEqual([25, 5]);
  });

  test('a service whose names are all refused is there to be told', () => {
    expect(collectWishes(asked('web', ['localhost']))).toMatchObject([
      { services: ['web'], names: [], refused: [{ name: 'localhost' }] },
    ]);
  });
});

describe('the file of a wish', () => {
  const names = (
    wishes: Parameters<typeof assignNames>[0],
    records: Parameters<typeof assignNames>[1] = [],
  ) => assignNames(wishes, records).assigned.map(({ certName }) => certName);

  test('is named after the first service, further ones are numbered', () => {
    const wishes = [
      wish(['a', 'b'], ['x.test']),
      wish(['c'], ['y.test']),
      wish(['c'], ['z.test'], { part: 1 }),
    ];
    expect(names(wishes)).toEqual(['acme-a.pem', 'acme-c.pem', 'acme-c-2.pem']);
  });

  test('stays the same when the names change', () => {
    const known = record('acme-web.pem', { services: ['web'], wanted: ['a.test'] });
    expect(assignNames([wish(['web'], ['a.test', 'b.test'])], [known])).toMatchObject({
      assigned: [{ certName: 'acme-web.pem' }],
      retired: [],
      replaced: [],
    });
  });

  test('is kept while one of the services that share it asks', () => {
    const known = record('acme-a.pem', { services: ['a', 'b'], wanted: ['x.test'] });
    expect(names([wish(['b'], ['x.test'])], [known])).toEqual(['acme-a.pem']);
    // The one that wants the same as before keeps it, the other gets one of its own.
    expect(names([wish(['a'], ['y.test']), wish(['b'], ['x.test'])], [known])).toEqual([
      'acme-a-2.pem',
      'acme-a.pem',
    ]);
  });

  test('is not that of another service by chance', () => {
    const wishes = [
      wish(['web'], ['a.test']),
      wish(['web'], ['b.test'], { part: 1 }),
      wish(['web-2'], ['c.test']),
    ];
    expect(names(wishes)).toEqual(['acme-web.pem', 'acme-web-3.pem', 'acme-web-2.pem']);
  });

  test('is found again by its name alone, when the volume was lost', () => {
    const known = record('acme-b.pem', { services: ['b'], wanted: ['x.test'] });
    expect(names([wish(['a', 'b'], ['x.test'])], [known])).toEqual(['acme-b.pem']);
  });

  test('is retired when nobody asks, and replaced when its services ask for another', () => {
    const records = [
      record('acme-gone.pem', { services: ['gone'], wanted: ['g.test'] }),
      record('acme-b.pem', { services: ['b'], wanted: ['b.test'] }),
      record('acme-a.pem', { services: ['a'], wanted: ['a.test'] }),
    ];
    expect(assignNames([wish(['a', 'b'], ['a.test'])], records)).toMatchObject({
      assigned: [{ certName: 'acme-a.pem' }],
      retired: ['acme-gone.pem'],
      replaced: ['acme-b.pem'],
    });
  });

  test('is never given to two wishes, and stays when asked again', () => {
    const service = fc.constantFrom('a', 'b', 'web', 'web-2', 'web-3');
    const wishes = fc.uniqueArray(
      fc.record({
        services: fc.uniqueArray(service, { minLength: 1, maxLength: 2 }),
        name: fc.constantFrom('x.test', 'y.test', 'z.test'),
      }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(wishes, wishes, (before, after) => {
        const toWishes = (list: typeof before) =>
          list.map(({ services, name }) => wish([...services].sort(), [name]));
        const toRecords = (assigned: ReturnType<typeof assignNames>['assigned']) =>
          assigned.map(({ certName, wish: { services, names: wanted, part } }) =>
            record(certName, { services, wanted, part }),
          );
        const first = assignNames(toWishes(before), []).assigned;
        const second = assignNames(toWishes(after), toRecords(first)).assigned;
        expect(new Set(second.map(({ certName }) => certName)).size).toBe(second.length);
        expect(names(toWishes(after), toRecords(second))).toEqual(second.map(({ certName }) => certName));
      }),
    );
  });
});
