import { randomBytes } from 'node:crypto';
import { createAutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createServiceFeed } from '@docker-flow/daemon/feed/create-service-feed';
import { createListenerClient } from '@docker-flow/daemon/feed/listener-client';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { httpServer, NOTIFICATION_LIMITS } from '@docker-flow/daemon/http/server';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { createNameResolver, type NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { createAccount } from './account/account.js';
import { findAccountKey } from './account/account-key.js';
import { createAuthority } from './adapters/authority.js';
import { createAuthorityHttp } from './adapters/authority-http.js';
import { certificates, createAccountKey } from './adapters/certificates.js';
import { createAcmeDnsWriter } from './adapters/dns/acme-dns.js';
import { createRfc2136Writer } from './adapters/dns/rfc2136.js';
import { createNameProbe } from './adapters/name-probe.js';
import { createProxies } from './adapters/proxies.js';
import { createRoutes } from './api/routes.js';
import { readConfig, type Config } from './config/config.js';
import { createDelivery } from './delivery/delivery.js';
import { createCertificatesMetrics } from './metrics.js';
import { createLookFromInside } from './orders/look-from-inside.js';
import { openOrderLedger } from './orders/order-ledger.js';
import { createOrderRunner } from './orders/order-runner.js';
import { createPauses } from './orders/pauses.js';
import { createPolling } from './orders/polling.js';
import { createWantedCertificates } from './orders/wanted-certificates.js';
import type { DnsWriter, WallClock } from './ports.js';
import { createCertificateLoop } from './reconcile/certificate-loop.js';
import { createLookLoop } from './reconcile/look-loop.js';
import { createOverview, type Overview } from './reconcile/overview.js';
import { askRenewal } from './renewal/ask-renewal.js';
import { createAuthorityClock } from './services/authority-clock.js';
import { createServiceReader } from './services/requests.js';
import { createBook } from './store/book.js';
import { createLock } from './store/lock.js';
import { createStateDirectory, type StateDirectory } from './store/state-directory.js';

const NEIGHBOUR_TIMEOUT_MS = 10_000;
const AUTHORITY_TIMEOUT_MS = 30_000;
const MEGABYTE = 1_048_576;
/** Orders under way are taken up by the next life; nobody waits for them. */
const END_MS = 1_200;
const GRACE_MS = 2_000;

export const program: ProgramDefinition<Config> = {
  name: 'certificates',
  readConfig,
  createProgram,
  describe: ({ directoryUrl, proxyServiceName }) => ({ directory: directoryUrl, proxy: proxyServiceName }),
  graceMs: GRACE_MS,
};

export interface CertificatesDeps extends CommonDeps {
  readonly onListening?: (address: ListenAddress) => void;
  /** Other names than those of the machine. */
  readonly resolver?: NameResolver;
}

/** Puts all concrete parts together. */
export async function createProgram(config: Config, deps: CertificatesDeps): Promise<Program> {
  const { logger, resolver = createNameResolver() } = deps;
  const { directoryUrl, renewAt } = config;
  const chance = Math.random;
  const wake = createAutoResetEvent();
  const authorityClock = createAuthorityClock(() => Date.now(), logger);
  const clock: WallClock = { nowMs: () => authorityClock.nowMs(), sleep };

  // What is remembered.
  const state = createStateDirectory(config.stateDirectory, logger);
  await state.probe();
  const book = createBook(state, readPem);
  await book.load();
  const instance = await instanceOf(state);
  const lock = createLock(config.stateDirectory, logger);
  const ledger = await openOrderLedger(state, config.limits, () => clock.nowMs());

  // Neighbours.
  const userAgent = 'docker-flow-certificates';
  const http = createHttpClient({ timeoutMs: NEIGHBOUR_TIMEOUT_MS, userAgent });
  const authority = createAuthority({
    http: createAuthorityHttp({
      http: createHttpClient({
        timeoutMs: AUTHORITY_TIMEOUT_MS,
        maxResponseBytes: MEGABYTE,
        userAgent,
        ca: config.ca,
      }),
      directoryUrl,
      nowMs: () => Date.now(),
      onDate: (ms) => authorityClock.told(ms),
    }),
    directoryUrl,
    binding: config.binding,
    nowMs: () => Date.now(),
  });
  const proxies = createProxies({
    http,
    resolver,
    address: config.proxyAddress,
    serviceName: config.proxyServiceName,
    token: config.proxyToken,
  });
  const dns = dnsWriter(config, clock);

  // What is wanted.
  const reader = createServiceReader({ ...config, dns: config.dnsReach });
  let hasHeard = config.listeners.length === 0;
  const feed = createServiceFeed({
    sources: config.listeners.map((address) => createListenerClient(http, address)),
    onChange: () => wake.set(),
    onSuccess() {
      if (!hasHeard) wake.set();
      hasHeard = true;
    },
    repeatMs: config.resyncMs,
    logger,
  });
  const wanted = createWantedCertificates(book, clock);

  // What is done about it.
  const registry = createMetrics({ program: program.name, version: deps.version });
  const metrics = createCertificatesMetrics(registry, () => overview.sample());
  const account = await createAccount({
    keyPem: await findAccountKey(config.accountKey, state, createAccountKey, logger),
    authority,
    directoryUrl,
    agreesToTerms: config.agreesToTerms,
    hasBinding: config.binding !== undefined,
    email: () => config.email ?? firstEmail(loop.services().requests),
    state,
    nowMs: () => clock.nowMs(),
    logger,
  });
  const pauses = createPauses({
    authority: config.authorityBackOff,
    account: config.backOff,
    nowMs: () => clock.nowMs(),
    chance,
  });
  const delivery = createDelivery({
    proxies,
    book,
    certificates,
    thumbprint: account.thumbprint,
    owner: instance,
    leaseMs: config.leaseMs,
    directoryUrl,
    clock,
    mayOwn: () => lock.take(),
    renewals: () => overview.renewals(),
    logger: logger.child({ part: 'delivery' }),
  });
  const runner = createOrderRunner({
    book,
    authority,
    account,
    certificates,
    dns,
    polling: createPolling({ clock }),
    ledger,
    pauses,
    directoryUrl,
    backOff: config.backOff,
    clock,
    chance,
    metrics,
    logger: logger.child({ part: 'orders' }),
    onIssued: (certName) => void delivery.deliver(certName),
    onEnd: () => wake.set(),
  });
  const inside = createLookFromInside(createNameProbe(http, resolver), account.thumbprint);
  const loop = createCertificateLoop(
    {
      table: feed.table,
      reader,
      hasHeard: () => hasHeard,
      wanted,
      book,
      delivery,
      runner,
      ledger,
      pauses,
      inside,
      state,
      clock,
      wake,
      logger,
    },
    { directoryUrl, renewAt, settleMs: config.settleMs, maxOrders: config.maxOrders },
  );
  const overview: Overview = createOverview(
    {
      book,
      wanted,
      loop,
      runner,
      delivery,
      pauses,
      account,
      inside,
      state,
      clock: authorityClock,
      profiles: () => authority.profiles(),
    },
    { directoryUrl, instance, renewAt },
  );

  const noted = (service: string, parameters: Parameters<typeof feed.noted>[1]) => {
    feed.noted(service, parameters);
    wake.set();
  };
  const app = createHttpApp({
    logger,
    registry,
    notReady: () => overview.notReady(),
    routes: createRoutes(
      {
        reconfigure: noted,
        remove: (service) => noted(service, undefined),
        status: () => overview.status(),
        renew: (which) => loop.renew(which),
      },
      config.apiToken,
    ),
  });
  return {
    actors: [
      httpServer(
        app,
        config.listen,
        (bound) => {
          logger.info('Listening', { ...bound });
          deps.onListening?.(bound);
        },
        NOTIFICATION_LIMITS,
      ),
      feed,
      createLookLoop({ delivery, proxies, state, clock, wake, logger }, { lookMs: config.lookMs }),
      loop,
      {
        name: 'renewal',
        async run(signal) {
          while (!signal.aborted) {
            if (pauses.reason() === undefined && delivery.standsBy() === undefined) {
              const isWanted = (certName: string) => wanted.wish(certName) !== undefined;
              await askRenewal({ book, authority, directoryUrl, isWanted, clock, chance, logger }, signal);
              wake.set();
            }
            await sleep(config.renewCheckMs, signal);
          }
        },
      },
    ],
    async close() {
      await Promise.race([Promise.all([runner.idle(), delivery.release()]), sleep(END_MS)]);
      await lock.release();
    },
  };
}

function readPem(pem: string): ReturnType<typeof certificates.read> | undefined {
  try {
    return certificates.read(pem);
  } catch {
    return undefined;
  }
}

/** A random name that stays the same as long as the volume does. */
async function instanceOf(state: StateDirectory): Promise<string> {
  const kept = (await state.read('instance'))?.trim();
  if (kept !== undefined && /^[0-9a-f]{16}$/.test(kept)) return kept;
  const made = randomBytes(8).toString('hex');
  await state.write('instance', made);
  return made;
}

function dnsWriter({ dns, dnsWaitMs: waitMs }: Config, clock: WallClock): DnsWriter | undefined {
  if (!dns) return undefined;
  if (dns.kind === 'rfc2136') return createRfc2136Writer({ provider: dns, clock, waitMs });
  const http = createHttpClient({ timeoutMs: NEIGHBOUR_TIMEOUT_MS, userAgent: 'docker-flow-certificates' });
  return createAcmeDnsWriter({ provider: dns, http, clock, waitMs });
}

/** The contact that one of the services names, where the operator names none. */
function firstEmail(requests: readonly { readonly email: string | undefined }[]): string | undefined {
  return requests.find(({ email }) => email !== undefined)?.email;
}
