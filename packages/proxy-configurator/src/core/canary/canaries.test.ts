import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { renderServices, routedService, settingsOf } from '../../testing/render-services.js';
import { canariesByStable, canaryConflicts, relationIssues } from './canaries.js';

const settings = settingsOf('/nowhere');
const WEB = { serviceName: 'web', servicePath: '/', port: '80' };
const NEXT = { serviceName: 'next', canaryOf: 'web', port: '81' };

const all = (...services: readonly Parameters[]) => services.map((one) => routedService(one, settings));
const conflicts = (...services: readonly Parameters[]) =>
  [...canaryConflicts(all(...services))].map(([name, { status }]) => [name, status]);

describe('which canaries can be', () => {
  test('of two the first in order is it, whatever came first', () => {
    const other = { ...NEXT, serviceName: 'other' };
    expect(conflicts(WEB, NEXT, other)).toEqual([['other', 409]]);
    expect(conflicts(other, NEXT, WEB)).toEqual([['other', 409]]);
    expect(canariesByStable(all(other, NEXT, WEB)).get('web')?.service.name).toBe('next');
  });

  test('none of a canary, and none of two that name each other', () => {
    expect(conflicts(WEB, NEXT, { ...NEXT, serviceName: 'third', canaryOf: 'next' })).toEqual([
      ['third', 400],
    ]);
    expect(
      conflicts({ ...NEXT, canaryOf: 'b', serviceName: 'a' }, { ...NEXT, canaryOf: 'a', serviceName: 'b' }),
    ).toEqual([
      ['a', 400],
      ['b', 400],
    ]);
  });

  test('none of a service with a template of its own: nobody knows what that closes', () => {
    const [web, next] = all(WEB, NEXT);
    if (!web || !next) throw new Error('no services');
    const own = { ...web, backendSnippet: 'backend web-be80_0' };
    expect(canariesByStable([own, next]).size).toBe(0);
  });
});

test('what a canary asks for in vain is told: no stable service, no such destination', () => {
  const told = (...services: readonly Parameters[]) =>
    [...relationIssues(all(...services))].map(([name, issues]) => [name, issues.map(({ label }) => label)]);
  expect(told(NEXT)).toEqual([['next', ['canaryOf']]]);
  expect(told(WEB, NEXT)).toEqual([]);
  expect(told(WEB, { serviceName: 'next', canaryOf: 'web', 'port.1': '81' })).toEqual([['next', ['port.1']]]);
  expect(told({ ...WEB, cookieSecure: 'true' })).toEqual([['web', ['cookieSecure']]]);
  expect(told({ ...WEB, cookieSecure: 'true' }, NEXT)).toEqual([]);
});

describe('the configuration', () => {
  const closed = {
    users: 'joe:pw',
    allowedMethods: 'GET',
    denyFrom: '10.0.0.1',
    rateLimit: '9/1s',
    backendExtra: 'acl x always_true',
  };
  const text = renderServices(all({ ...WEB, ...closed, serviceDomain: 'a.test' }, NEXT), settings).text;
  const section = (name: string) => text.split(`backend ${name}\n`)[1]?.split('\n\n')[0] ?? '';
  const rules = (name: string) =>
    section(name)
      .split('\n')
      .filter((line) => /acl|deny|auth|del-header|track/.test(line));

  test('what closes the stable service closes its canary in the same words', () => {
    const stable = rules('web-be80_0').filter((line) => !line.includes('stick-table'));
    expect(stable.length).toBeGreaterThan(6);
    const canary = rules('next-be81_0').map((line) => line.replace(' table web-be80_0', ''));
    expect(canary).toEqual(stable);
  });

  test('a canary is watched, with the stable servers behind it', () => {
    expect(section('next-be81_0')).toContain('option allbackups');
    expect(section('next-be81_0')).toMatch(
      /server next next:81 check inter 1s rise 2 fall 2 .*observe layer4 error-limit 1 on-error mark-down/,
    );
    expect(section('next-be81_0')).toMatch(/server stable-web web:80 backup/);
  });

  test('the version is chosen by header, cookie, the cookie of the client, weight: the first that applies', () => {
    const chosen = { ...NEXT, canaryHeader: 'X-Canary', canaryCookie: 'group:beta', canaryWeight: '20' };
    const rules = renderServices(all(WEB, chosen), settings).text.split('\n');
    const own = 'if { var(txn.df_route_1),field(2,|) -m int 1 } ';
    const frontend = rules.filter((one) => one.includes(own));
    expect(
      frontend.map((one) => one.replace(/^.*use_backend (\w+)-.*? -m int 1 } (.*)$/, '$1 $2').split(' }')[0]),
    ).toEqual([
      'web { req.fhdr(X-Canary) -i -m str never',
      'next { req.fhdr(X-Canary) -i -m str always',
      'next { req.cook(group) -m str -- beta',
      'next { req.cook(df_version_web),set-var(txn.df_version_cookie) -m str canary',
      'web { var(txn.df_version_cookie) -m str stable',
      'next { str(web),map_str_int(/nowhere/cfg/tables/canary-weights.map,0),set-var(txn.df_weight) -m found',
    ]);
    const canary = frontend.filter((one) => one.includes('use_backend next-'));
    expect(canary.filter((one) => one.endsWith('set-var(txn.df_version) -m found } canary_up_1'))).toEqual(
      canary,
    );
  });

  test('a canary has servers for its next tasks, so that they need no reload', () => {
    const count = (addresses: readonly string[]) =>
      renderServices(all(WEB, NEXT), settings, { addresses: new Map([['next', addresses]]) }).text.match(
        /acl canary_up_1 srv_is_up/g,
      )?.length;
    expect([count(['10.0.0.1']), count(['10.0.0.1', '10.0.0.2'])]).toEqual([4, 4]);
  });

  test('a service without a canary pays nothing', () => {
    expect(renderServices(all(WEB), settings).text).not.toMatch(/df_version|canary/);
  });
});
