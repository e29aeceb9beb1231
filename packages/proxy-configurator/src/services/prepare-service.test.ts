import { describe, expect, test } from '@jest/globals';
import { InvalidRequestError } from '@docker-flow/daemon/errors';
import { parseProxyLabels, type Parameters } from '@docker-flow/labels';
import type { AddressCache } from '../ports.js';
import { LOCKED } from '../core/backends/authentication.js';
import { prepareService, type PrepareServiceDeps, type PrepareServiceOptions } from './prepare-service.js';
import { settingsOf } from '../testing/render-services.js';

const WEB: Parameters = { serviceName: 'web', servicePath: '/', port: '80' };

interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly deps?: Partial<PrepareServiceDeps>;
  readonly options?: Partial<PrepareServiceOptions>;
}

function prepare(
  changes: Parameters,
  { environment = {}, names = { web: ['10.0.0.1'] }, secrets = {}, deps, options }: Surroundings = {},
) {
  const parameters = { ...WEB, ...changes };
  const settings = settingsOf('/nowhere', environment);
  return prepareService(
    { parameters, ...parseProxyLabels(parameters, settings.labels) },
    {
      addresses: {
        known: new Map(Object.entries(names)),
        lookup: (host: string) => Promise.resolve(names[host] ?? []),
      } as unknown as AddressCache,
      readSecret: (name) => Promise.resolve(secrets[name]),
      renderTemplate: (file) => Promise.resolve(`rendered ${file}`),
      refreshOwnAddresses: () => Promise.resolve(),
      checkCertificate: () => undefined,
      ...deps,
    },
    {
      settings,
      validateAddress: false,
      allowRaw: true,
      capabilities: { lua: true },
      hosts: { allowLoopback: true, allowedHosts: [], ownAddresses: () => [] },
      ...options,
    },
  );
}

async function usersOf(parameters: Parameters, surroundings: Surroundings = {}) {
  const prepared = await prepare(parameters, surroundings);
  return prepared.ok ? prepared.version.routed.users : prepared.rejection;
}

describe('users', () => {
  const plain = (name: string, password: string) => ({ name, password, encrypted: false });

  test('are none when nobody asks for them', async () => {
    expect(await usersOf({})).toBeUndefined();
  });

  test('of the secret are all admitted when the label names none', async () => {
    const secrets = { dfp_users_team: 'a:1\nb:2' };
    expect(await usersOf({ usersSecret: 'team' }, { secrets })).toEqual([plain('a', '1'), plain('b', '2')]);
  });

  test('without a password take it from the secret; others of the secret are not admitted', async () => {
    const secrets = { dfp_users_team: 'A:1,b:2' };
    expect(await usersOf({ users: 'a,c:3', usersSecret: 'team' }, { secrets })).toEqual([
      plain('a', '1'),
      plain('c', '3'),
    ]);
  });

  test('without a password and a secret take it from the global users', async () => {
    expect(
      await usersOf({ users: 'a' }, { environment: { USERS: 'a:9', USERS_PASS_ENCRYPTED: 'true' } }),
    ).toEqual([{ name: 'a', password: '9', encrypted: true }]);
  });

  test.each([{ users: 'nobody' }, { usersSecret: 'missing' }, { users: ':' }])(
    'that cannot be found lock the service: %j',
    async (parameters) => {
      expect(await usersOf(parameters)).toBe(LOCKED);
    },
  );
});

test.each([
  [{ usersSecret: 'missing' }, {}, 'usersSecret', 'names a secret that is not there'],
  [
    { usersSecret: 'empty' },
    { secrets: { dfp_users_empty: '' } },
    'usersSecret',
    'names a secret without users',
  ],
  [{ users: 'joe:pass,word' }, {}, 'users', 'has a user without password that nobody knows'],
  [{ users: 'a,b' }, {}, 'users', 'has 2 users without password that nobody knows; the service stays locked'],
])('what %j asks for and is not there is told', async (parameters, surroundings, label, problem) => {
  const prepared = await prepare(parameters, surroundings);
  const warnings = prepared.ok ? prepared.version.warnings : [];
  expect(warnings).toContainEqual(expect.objectContaining({ label, problem }));
  expect(JSON.stringify(warnings)).not.toContain('"word"');
});

test('a header value that HAProxy would read as a condition is raw, also in quotes', async () => {
  for (const setReqHeader of ['X-A 1 "if" TRUE', "X-A 1 'unless' FALSE", 'X-A 1 i"f" TRUE']) {
    expect((await prepare({ setReqHeader }, { options: { allowRaw: false } })).ok).toBe(false);
  }
  expect((await prepare({ setReqHeader: 'X-A "what if not"' }, { options: { allowRaw: false } })).ok).toBe(
    false,
  );
  expect((await prepare({ setReqHeader: 'X-A gift' }, { options: { allowRaw: false } })).ok).toBe(true);
});

test('a label that cannot be read is told beside the one that is missing without it', async () => {
  const prepared = await prepare({ reqMode: 'tcp', srcPort: '9000-9005' });
  expect(prepared).toMatchObject({
    ok: false,
    rejection: { status: 400, message: expect.stringContaining('srcPort="9000-9005"') },
  });
});

test('requests are not sent to the proxy itself', async () => {
  const hosts = { allowLoopback: false, allowedHosts: [], ownAddresses: () => ['10.0.0.5/24'] };
  const prepared = await prepare({ outboundHostname: '10.0.0.5' }, { options: { hosts } });
  expect(prepared).toMatchObject({
    ok: false,
    rejection: {
      status: 400,
      message: expect.stringContaining('outboundHostname="10.0.0.5" is the proxy itself'),
    },
  });
});

describe('a host that leads nowhere', () => {
  test('is refused with 500, so that the listener tries again', async () => {
    const prepared = await prepare({}, { names: {} });
    expect(prepared).toMatchObject({ ok: false, rejection: { kind: 'unresolved', status: 500 } });
  });

  const awaitedBy = async (labels: Parameters, surroundings: Surroundings = {}) => {
    const prepared = await prepare(labels, { names: {}, ...surroundings });
    return !prepared.ok && prepared.awaited?.routed.service.name;
  };

  test('is awaited by a service that is ready but for it', async () => {
    expect(await awaitedBy({})).toBe('web');
    expect(await awaitedBy({ users: 'me:secret', httpsOnly: 'true' })).toBe('web');
  });

  test.each<[string, Parameters]>([
    ['tcp', { reqMode: 'tcp', srcPort: '5432' }],
    ['a template of its own', { templateFePath: '/fe' }],
    ['a canary', { canaryOf: 'other' }],
    ['a server that is asked about each request', { authUrl: 'http://auth/' }],
    ['an authority that is not there', { sslVerify: 'required', serverCa: 'none' }],
  ])('is not awaited with %s', async (_what, labels) => {
    expect(await awaitedBy(labels)).toBeUndefined();
  });

  test('is not awaited where nobody asks for it again', async () => {
    expect(await awaitedBy({}, { options: { validateAddress: true } })).toBeUndefined();
  });

  test.each(['0', '1'])(
    'is that of a service that wakes up: it keeps its routes, with %s replicas',
    async (replicas) => {
      const wakes = { wakeOnRequest: 'true', replicas };
      const environment = { SCALER_ADDRESS: 'scaler' };
      expect((await prepare(wakes, { names: {}, environment })).ok).toBe(true);
      expect((await prepare(wakes, { names: {} })).ok).toBe(false);
    },
  );

  test.each([
    ['DO_NOT_RESOLVE_ADDR', { environment: { DO_NOT_RESOLVE_ADDR: 'true' } }, {}],
    ['CHECK_RESOLVERS', { environment: { CHECK_RESOLVERS: 'true' } }, {}],
    ['checkResolvers', {}, { checkResolvers: 'true' }],
    ['DNS discovery', {}, { discoveryType: 'DNS' }],
    ['a backend of its own', {}, { templateBePath: '/be.tmpl' }],
  ])('is tolerated with %s', async (_what, surroundings, parameters) => {
    expect((await prepare(parameters, { names: {}, ...surroundings })).ok).toBe(true);
  });

  test('is no host to look up when it is an address', async () => {
    expect((await prepare({ outboundHostname: '192.0.2.1' }, { names: {} })).ok).toBe(true);
  });
});

test('raw labels are refused by name where the operator does not allow them', async () => {
  const options = { allowRaw: false };
  for (const [label, value] of Object.entries({
    backendExtra: 'option httpchk',
    templateBePath: '/x',
    addReqHeader: 'X-A %[src]',
    setReqHeader: 'X-A "$STATS_PASS"',
    setResHeader: 'X-A 1 if TRUE',
  })) {
    const prepared = await prepare({ [label]: value }, { options });
    expect(prepared.ok ? '' : prepared.rejection.message).toContain(`label ${label} holds raw configuration`);
  }
  expect((await prepare({ setReqHeader: 'X-A 1', delResHeader: 'Server' }, { options })).ok).toBe(true);
});

test('a certificate that is none, and a template that cannot be read, cost the service its change', async () => {
  const checkCertificate = () => {
    throw new InvalidRequestError('holds no certificate');
  };
  expect(await prepare({ serviceCert: 'x' }, { deps: { checkCertificate } })).toMatchObject({
    ok: false,
    rejection: { kind: 'certificate', status: 400, message: expect.stringContaining('serviceCert') },
  });
  const renderTemplate = () => Promise.reject(new InvalidRequestError('cannot be read'));
  expect(await prepare({ templateFePath: '/x' }, { deps: { renderTemplate } })).toMatchObject({
    ok: false,
    rejection: { kind: 'template', status: 500 },
  });
});

test('templates are part of the version', async () => {
  const prepared = await prepare({ templateFePath: '/fe', templateBePath: '/be' });
  expect(prepared.ok && prepared.version.routed).toMatchObject({
    frontendSnippet: 'rendered /fe',
    backendSnippet: 'rendered /be',
  });
});

test('an authority that is not there refuses its service, by the label as it was given', async () => {
  const missing = await prepare({ serverCa: 'backend-ca' });
  expect(missing).toMatchObject({
    ok: false,
    rejection: {
      kind: 'labels',
      status: 400,
      message: expect.stringContaining('label serverCa="backend-ca"'),
    },
  });
  expect(await prepare({ serverCa: 'system' })).toMatchObject({ ok: true });
});
