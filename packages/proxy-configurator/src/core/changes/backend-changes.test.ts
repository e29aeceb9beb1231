import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { renderServices, routedService, settingsOf } from '../../testing/render-services.js';
import { buildHaproxyModel } from '../sections/build.js';
import { backendChanges, templatesOf, type WithBackends } from './backend-changes.js';
import { serversOf } from './server-changes.js';

const NEW = [3, 4] as const;

function web(name: string, more: Parameters = {}): Parameters {
  return { serviceName: name, servicePath: `/${name}`, port: '80', ...more };
}

function configurationOf(
  services: readonly Parameters[],
  environment: Readonly<Record<string, string>> = {},
  version: readonly [number, number] = NEW,
): WithBackends {
  const settings = settingsOf('/nowhere', environment);
  const routed = services.map((one) => routedService(one, settings));
  const capabilities = { version, prometheusExporter: true, lua: true };
  const names = new Map(services.map((one) => [String(one['serviceName']), ['10.0.0.1']]));
  const tablePath = (table: { name: string; entries: ReadonlyMap<string, string> }) =>
    `/tables/${table.name}-${Buffer.from(JSON.stringify([...table.entries])).toString('hex')}.map`;
  const model = buildHaproxyModel({
    ...{ settings, capabilities, services: routed, addresses: names, slots: new Map() },
    ...{ tablePath, nameTemplate: String },
  });
  return {
    rendered: renderServices(routed, settings, { capabilities, tablePath }),
    servers: serversOf(model),
  };
}

function changes(before: readonly Parameters[], after: readonly Parameters[], environment = {}) {
  const from = configurationOf(before, environment);
  const to = configurationOf(after, environment);
  return backendChanges(from, to, templatesOf(from.rendered.blocks), NEW);
}

describe('what HAProxy takes while it runs', () => {
  test('a new service is a backend of a template, its servers, and other tables', () => {
    expect(changes([web('a')], [web('a'), web('b')])).toMatchObject({
      added: [{ name: 'b-be80_0', servers: [{ section: 'b-be80_0', server: { address: '10.0.0.1' } }] }],
      removed: [],
      servers: [],
      tables: [{ name: 'routes-path-prefix' }],
    });
  });

  test('a service that goes is a backend less', () => {
    expect(changes([web('a'), web('b')], [web('a')])).toMatchObject({
      added: [],
      removed: [{ name: 'b-be80_0', servers: ['b'] }],
      tables: [{ name: 'routes-path-prefix' }],
    });
  });

  test('other paths are other tables only, and another port is another backend', () => {
    expect(changes([web('a')], [web('a', { servicePath: '/else' })])).toMatchObject({
      ...{ added: [], removed: [] },
      tables: [{ name: 'routes-path-prefix', entries: new Map([['/else', '000000|0|a-be80_0']]) }],
    });
    expect(changes([web('a')], [web('a', { port: '81' })])).toMatchObject({
      added: [{ name: 'a-be81_0' }],
      removed: [{ name: 'a-be80_0' }],
    });
  });

  test('a redirect to https is a kind of its own that is always there', () => {
    const [template] = changes([web('a')], [web('a'), web('b', { httpsOnly: 'true' })])?.added ?? [];
    expect(template?.template).toMatch(/^df-/);
  });

  test('a kind that two services share is known from then on', () => {
    const slow = { timeoutServer: '60' };
    expect(changes([web('a')], [web('a'), web('b', slow)])).toBeUndefined();
    expect(changes([web('a'), web('b', slow)], [web('a'), web('b', slow), web('c', slow)])).toBeUndefined();
    expect(
      changes([web('b', slow), web('c', slow)], [web('b', slow), web('c', slow), web('d', slow)])?.added,
    ).toMatchObject([{ name: 'd-be80_0' }]);
  });
});

describe('what needs a reload', () => {
  test.each<[string, Parameters]>([
    ['an own timeout', { timeoutServer: '7' }],
    ['a password', { users: 'a:b' }],
    ['raw configuration', { backendExtra: 'option nolinger' }],
    ['an own kind of route', { pathType: 'path_reg' }],
    ['servers that HAProxy looks for', { discoveryType: 'DNS' }],
    ['a port of its own', { srcPort: '8081' }],
    ['a first domain', { serviceDomain: 'b.test' }],
    ['tcp', { reqMode: 'tcp', srcPort: '8082' }],
  ])('%s', (_what, more) => {
    expect(changes([web('a')], [web('a'), web('b', more)])).toBeUndefined();
  });

  test('a service that becomes one of another kind', () => {
    expect(changes([web('a'), web('b')], [web('a'), web('b', { httpsOnly: 'true' })])).toBeUndefined();
  });

  test('a HAProxy before 3.4, whose configuration is as it was', () => {
    const from = configurationOf([web('a')], {}, [3, 2]);
    const to = configurationOf([web('a'), web('b')], {}, [3, 2]);
    expect(templatesOf(from.rendered.blocks).size).toBe(0);
    expect(backendChanges(from, to, new Map([['', 'df-any']]), [3, 2])).toBeUndefined();
    expect(from.rendered.text).toContain('acl url_a80_0');
  });

  test('services that an access log names', () => {
    expect(changes([web('a')], [web('a'), web('b')], { ACCESS_LOG: 'json' })).toBeUndefined();
  });
});
