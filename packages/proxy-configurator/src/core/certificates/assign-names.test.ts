import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { routedService, settingsOf } from '../../testing/render-services.js';
import { assignCertificateNames, type AssignedCertificate, type NameOwners } from './assign-names.js';
import { hostClaims } from './host-claims.js';

const settings = settingsOf('/nowhere');

function claimsOf(services: Readonly<Record<string, Parameters>>) {
  const read = Object.entries(services).map(([serviceName, labels]) => {
    const parameters = { serviceName, port: '80', servicePath: '/', ...labels };
    return routedService(parameters, settings).service;
  });
  return hostClaims(read, { defaultAlgo: 'hdr_beg(host)' });
}

/** Names by service, in the order of the list. */
function assign(
  certificates: Readonly<Record<string, readonly string[]>>,
  {
    services = {},
    ...owners
  }: Partial<NameOwners> & { services?: Readonly<Record<string, Parameters>> } = {},
): readonly AssignedCertificate[] {
  const all = { ...Object.fromEntries(Object.keys(certificates).map((name) => [name, {}])), ...services };
  return assignCertificateNames(
    Object.entries(certificates).map(([service, names]) => ({ service, names })),
    { operator: [], before: [], claims: claimsOf(all), ...owners },
  );
}

function shown(assigned: readonly AssignedCertificate[]) {
  return assigned.map(({ service, names }) => [service, ...names].join(' '));
}

test('a service shows its certificate for all names that nobody else has', () => {
  const assigned = assign({ web: ['a.test', '*.a.test', 'alias.test'] });
  expect(shown(assigned)).toEqual(['web a.test *.a.test alias.test']);
  expect(assigned[0]?.refused).toEqual([]);
});

describe('a name is refused', () => {
  test('that a certificate of the operator covers, by itself or by a wildcard', () => {
    const assigned = assign(
      { web: ['a.test', 'www.b.test', 'deep.www.b.test', 'b.test'] },
      { operator: ['a.test', '*.b.test'] },
    );
    expect(shown(assigned)).toEqual(['web deep.www.b.test b.test']);
    expect(assigned[0]?.refused[0]).toEqual({
      name: 'a.test',
      problem: 'a certificate of the operator is for it',
    });
  });

  test('that is the domain of another service', () => {
    const assigned = assign(
      { evil: ['bank.test', 'evil.test'] },
      { services: { evil: { serviceDomain: 'evil.test' }, bank: { serviceDomain: 'bank.test' } } },
    );
    expect(shown(assigned)).toEqual(['evil evil.test']);
    expect(assigned[0]?.refused[0]?.problem).toBe('it is a domain of service bank');
  });

  test('that another service shows already, whatever the newcomer is called', () => {
    const services = { bank: { serviceDomain: 'bank.test' }, aa: { serviceDomain: 'bank.test' } };
    const before = assign({ bank: ['bank.test'] }, { services });
    const assigned = assign({ aa: ['bank.test'], bank: ['bank.test'] }, { services, before });
    expect(shown(assigned)).toEqual(['bank bank.test', 'aa']);
    expect(assigned[1]?.refused[0]?.problem).toBe('service bank shows a certificate for it');
  });

  test('below the wildcard of a service that says this name itself', () => {
    const services = { bank: { serviceDomain: '*.bank.test' }, aa: { serviceDomain: 'www.bank.test' } };
    const before = assign({ bank: ['*.bank.test'] }, { services });
    const assigned = assign({ aa: ['www.bank.test'], bank: ['*.bank.test'] }, { services, before });
    expect(shown(assigned)).toEqual(['bank *.bank.test', 'aa']);
  });
});

test('a wildcard that was there first keeps nobody from a domain of his own', () => {
  const services = { wide: { serviceDomain: 'wide.test' }, bank: { serviceDomain: 'bank.test' } };
  const before = assign({ wide: ['wide.test', '*.test'] }, { services: { wide: services.wide } });
  expect(shown(assign({ wide: ['wide.test', '*.test'], bank: ['bank.test'] }, { services, before }))).toEqual(
    ['wide wide.test *.test', 'bank bank.test'],
  );
});

test('a wildcard that came later takes nothing of what is shown, whatever its service says', () => {
  const services = { bank: { serviceDomain: 'bank.test' }, aa: { serviceDomain: 'bank.test' } };
  const one = assign({ bank: ['bank.test'] }, { services });
  const two = assign({ aa: ['*.test'], bank: ['bank.test'] }, { services, before: one });
  const three = assign({ aa: ['*.test'], bank: ['bank.test'] }, { services, before: two });
  expect([two, three].map(shown)).toEqual(Array(2).fill(['bank bank.test', 'aa *.test']));
});

test('of services that come at once the first by name gets it, and the other one when that is gone', () => {
  const both = assign({ b: ['x.test'], a: ['x.test'] });
  expect(shown(both)).toEqual(['a x.test', 'b']);
  expect(shown(assign({ b: ['x.test'] }, { before: both }))).toEqual(['b x.test']);
});

test('the first of the list stays the first when others come', () => {
  const before = assign({ web: ['web.test'] });
  expect(shown(assign({ web: ['web.test'], aa: ['aa.test'] }, { before }))).toEqual([
    'web web.test',
    'aa aa.test',
  ]);
});
