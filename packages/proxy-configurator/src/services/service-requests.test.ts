import { describe, expect, test } from '@jest/globals';
import { createServiceTable } from '@docker-flow/daemon/feed/service-table';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Verdict } from '../core/model/service-version.js';
import type { AddressCache, Run } from '../ports.js';
import { settingsOf } from '../testing/render-services.js';
import { prepareService } from './prepare-service.js';
import type { Runs } from './runs.js';
import { createServiceRequests } from './service-requests.js';
import { createServiceStore } from './service-store.js';
import { createTold } from './told.js';

/** `resolve` answers where a host is; by default everywhere. Runs make everything live but what `rejects` names. */
function world(
  resolve: (host: string) => Promise<readonly string[]> = () => Promise.resolve(['10.0.0.1']),
  {
    scaler,
    lua = true,
    onlyInstance,
  }: { readonly scaler?: string; readonly lua?: boolean; readonly onlyInstance?: string } = {},
) {
  const store = createServiceStore();
  const table = createServiceTable();
  const settings = settingsOf('/nowhere', scaler === undefined ? {} : { SCALER_ADDRESS: scaler });
  const refuse = () => Promise.reject(new Error('not asked for here'));
  const logger = silentLogger();
  const rejects = new Map<string, string>();
  const submitted: boolean[] = [];
  const runs: Runs = {
    submit({ force = false } = {}) {
      submitted.push(force);
      const verdicts = new Map(
        [...store.candidates()].map(([name, { wanted }]): [string, Verdict] => {
          const message = rejects.get(name);
          return [
            name,
            message === undefined
              ? { wanted, live: wanted, rejection: undefined }
              : { wanted, live: undefined, rejection: { kind: 'haproxy', status: 500, message } },
          ];
        }),
      );
      store.settle(verdicts);
      const run: Run = { outcome: 'reloaded', reason: 'services', services: [], verdicts, durationMs: 0 };
      return Promise.resolve(run);
    },
    isAwaited: () => false,
    trigger: () => undefined,
    asked: Promise.resolve(),
    failure: () => undefined,
    reloadFromDisk: refuse,
    run: refuse,
  };
  const requests = createServiceRequests(
    {
      store,
      table,
      runs,
      told: createTold(silentLogger(), settings),
      prepare: (request) =>
        prepareService(
          request,
          {
            addresses: { lookup: resolve, known: new Map() } as unknown as AddressCache,
            readSecret: () => Promise.resolve(undefined),
            renderTemplate: refuse,
            refreshOwnAddresses: () => Promise.resolve(),
            checkCertificate: refuse,
          },
          {
            settings,
            validateAddress: false,
            allowRaw: true,
            capabilities: { lua },
            hosts: { allowLoopback: true, allowedHosts: [], ownAddresses: () => [] },
          },
        ),
      logger,
    },
    { settings, onlyInstance },
  );
  return { requests, store, table, rejects, submitted };
}

const WEB = { serviceName: 'web', servicePath: '/', port: '80' };

test('a caller hears what the run says about its service, and what was read as if it were absent', async () => {
  const { requests, rejects } = world();
  expect(await requests.reconfigure(WEB)).toMatchObject({ status: 200, message: '' });
  const odd = await requests.reconfigure({ ...WEB, denyHttp: 'perhaps' });
  expect(odd).toMatchObject({ status: 200, message: expect.stringContaining('label denyHttp="perhaps"') });
  rejects.set('web', 'HAProxy says no');
  expect(await requests.reconfigure(WEB)).toMatchObject({ status: 500, message: 'HAProxy says no' });
});

test('what was notified is in the table under the name of its service', async () => {
  const { requests, table } = world();
  await requests.reconfigure(WEB);
  expect(table.get('web')).toEqual(WEB);
  await requests.remove('web');
  expect(table.get('web')).toBeUndefined();
});

test('a service without replicas is one that is not there', async () => {
  const { requests, store } = world();
  await requests.reconfigure(WEB);
  expect((await requests.reconfigure({ ...WEB, replicas: '0' })).status).toBe(200);
  expect(store.entries()).toEqual([]);
});

test('nothing is told of a service that is meant for another proxy', async () => {
  const { requests, store } = world(undefined, { onlyInstance: 'mine' });
  const other = {
    ...WEB,
    proxyInstanceName: 'other',
    denyHttp: 'perhaps',
    wakeOnRequest: 'true',
    replicas: '0',
  };
  expect(await requests.reconfigure(other)).toMatchObject({ status: 200, message: '' });
  expect(store.entries()).toEqual([]);
});

describe('a service that its first request may start', () => {
  const SLEEPER = { ...WEB, wakeOnRequest: 'true', replicas: '0' };

  test('stays without replicas, and the scaler is looked for', async () => {
    const { requests, store } = world(() => Promise.resolve([]), { scaler: 'start.test' });
    expect(await requests.reconfigure(SLEEPER)).toMatchObject({ status: 200, message: '' });
    expect(store.get('web')?.live).toBeDefined();
    expect([...requests.hosts()]).toContain('start.test');
    await requests.reconfigure({ ...SLEEPER, wakeOnRequest: 'false' });
    expect(store.entries()).toEqual([]);
  });

  test('is told that nobody starts it where no scaler is named, and goes', async () => {
    const { requests, store } = world();
    const told = expect.stringContaining('label wakeOnRequest="true" has no effect');
    expect(await requests.reconfigure({ ...SLEEPER, replicas: '1' })).toMatchObject({ message: told });
    expect(await requests.reconfigure(SLEEPER)).toMatchObject({ status: 200, message: told });
    expect(store.entries()).toEqual([]);
  });

  test('is told that its wish could not be read, and goes', async () => {
    const { requests, store } = world(undefined, { scaler: 'start.test' });
    const unreadable = await requests.reconfigure({ ...SLEEPER, wakeOnRequest: 'perhaps' });
    expect(unreadable).toMatchObject({
      status: 200,
      message: expect.stringContaining('wakeOnRequest="perhaps"'),
    });
    const misspelt = await requests.reconfigure({ ...WEB, replicas: '0', wakeonrequest: 'true' });
    expect(misspelt).toMatchObject({ status: 200, message: expect.stringContaining('wakeonrequest') });
    expect(store.entries()).toEqual([]);
  });

  test('is refused where HAProxy runs no script', async () => {
    const { requests } = world(undefined, { scaler: 'start.test', lua: false });
    expect(await requests.reconfigure(SLEEPER)).toMatchObject({
      status: 400,
      message: expect.stringContaining('wakeOnRequest'),
    });
  });
});

test('a service that is not known is removed without a run', async () => {
  const { requests, submitted } = world();
  await requests.remove('web');
  expect(submitted).toEqual([]);
});

test('all services are read anew on demand, the rejected ones too, and HAProxy reloaded', async () => {
  const { requests, store, rejects, submitted } = world();
  await requests.reconfigure(WEB);
  rejects.set('api', 'no');
  await requests.reconfigure({ ...WEB, serviceName: 'api' });
  rejects.clear();
  await requests.recreate();
  expect(submitted).toEqual([false, false, true]);
  expect(store.entries().map(({ rejection }) => rejection)).toEqual([undefined, undefined]);
});

test('a service that asks for no route is refused as ever, and is not rejected', async () => {
  const { requests, store } = world();
  const { status } = await requests.reconfigure({
    serviceName: 'exporter',
    scrapePort: '9100',
    distribute: 'false',
  });
  expect(status).toBe(409);
  expect(store.entries()).toEqual([]);
});

test('a service whose route cannot be read is rejected with the reason', async () => {
  const { requests, store } = world();
  const { status } = await requests.reconfigure({ serviceName: 'shop', servicePath: '/shop', port: 'http' });
  expect(status).toBe(400);
  expect(store.get('shop')?.rejection?.message).toContain('label port="http" is not a port');
});

test('a service that was rejected and then asks for nothing is forgotten', async () => {
  const { requests, store } = world();
  await requests.reconfigure({ serviceName: 'shop', servicePath: '/shop', port: 'http' });
  await requests.reconfigure({ serviceName: 'shop', scrapePort: '9100' });
  expect(store.entries()).toEqual([]);
});

/** Look-ups that each wait until the test answers them. */
function slowLookups() {
  const waiting: ((found: readonly string[]) => void)[] = [];
  const resolve = () => new Promise<readonly string[]>((done) => waiting.push(done));
  return { waiting, resolve };
}

const OLD = { ...WEB, servicePath: '/old' };
const NEW = { ...WEB, servicePath: '/new' };

test('of two requests about a service the later one counts, even if it is read first', async () => {
  const { waiting, resolve } = slowLookups();
  const { requests, store } = world(resolve);
  const both = [requests.upsertAll([OLD]), requests.upsertAll([NEW])];
  waiting[1]?.(['10.0.0.1']);
  waiting[0]?.(['10.0.0.1']);
  await Promise.all(both);
  expect(store.get('web')?.wanted?.parameters).toBe(NEW);
});

test('a service that is removed while it is read does not come back', async () => {
  const { waiting, resolve } = slowLookups();
  const { requests, store } = world(resolve);
  const read = requests.upsertAll([OLD]);
  await requests.remove('web');
  waiting[0]?.(['10.0.0.1']);
  await read;
  expect(store.entries()).toEqual([]);
});

test('a service that waited for an address is not tried again as it was while a newer request is read', async () => {
  const { waiting, resolve } = slowLookups();
  const { requests, store } = world(resolve);
  const first = requests.upsertAll([OLD]);
  waiting[0]?.([]);
  await first;
  const second = requests.upsertAll([NEW]);
  requests.onAddresses(['web']);
  waiting[1]?.(['10.0.0.1']);
  await second;
  expect(waiting).toHaveLength(2);
  expect(store.get('web')?.wanted?.parameters).toBe(NEW);
});

test('hosts that a service waits for are watched, and it is tried again when they lead somewhere', async () => {
  const names = new Map<string, readonly string[]>();
  const { requests, store } = world((host) => Promise.resolve(names.get(host) ?? []));
  expect((await requests.reconfigure(WEB)).status).toBe(500);
  expect([...requests.hosts()]).toEqual(['web']);
  names.set('web', ['10.0.0.1']);
  requests.onAddresses(['web']);
  await new Promise(setImmediate);
  expect(store.get('web')).toMatchObject({ wanted: { parameters: WEB }, rejection: undefined });
});
