import path from 'node:path';
import { createServiceTable, type ServiceTable } from '@docker-flow/daemon/feed/service-table';
import { removeLeftoversIn } from '@docker-flow/daemon/files/atomic-file';
import { createStateFile } from '@docker-flow/daemon/files/state-file';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { createCertifiedTable } from '../acme/certified-table.js';
import { createChallengeAnswers, type ChallengeAnswers } from '../acme/challenge-answers.js';
import { createCertificateStore, type CertificateStore } from '../certificates/certificate-store.js';
import type { Config } from '../config/config.js';
import type { AddressCache, CertifiedTable } from '../ports.js';
import { createAddressCache } from '../services/addresses/address-cache.js';
import { withoutForbidden, type HostRules } from '../services/addresses/forbidden-hosts.js';
import { createProxyAddresses, type ProxyAddresses } from '../services/addresses/own-addresses.js';
import { SavedState, savedServices, savedStateText, type SavedService } from '../services/saved-services.js';
import { createServiceStore, type ServiceStore } from '../services/service-store.js';

/** What the program knows of services, addresses and certificates, and keeps over a restart. */
export interface Memory {
  /** Where services may lead to. */
  readonly hosts: HostRules;
  readonly proxyAddresses: ProxyAddresses;
  readonly addresses: AddressCache;
  readonly store: ServiceStore;
  /** What listeners name. */
  readonly table: ServiceTable;
  readonly challenges: ChallengeAnswers;
  readonly certificates: CertificateStore;
  readonly certified: CertifiedTable;
  /** Services of the last life. */
  readonly saved: readonly SavedService[];
  /** Something that a restart must not lose has changed. */
  readonly changed: () => void;
  /** Resolves when everything changed so far is on disk, or could not be written. */
  readonly flush: () => Promise<void>;
  readonly actors: readonly Actor[];
}

export interface MemoryDeps {
  readonly resolver: NameResolver;
  /** Other challenges are to be answered from now on. */
  readonly onChallenges: () => void;
  readonly logger: Logger;
}

/** Certificates may lie on a volume that all replicas share. */
const SHARED_LEFTOVER_AGE_MS = 60_000;

/** Reads what the last life left. */
export async function openMemory(config: Config, deps: MemoryDeps): Promise<Memory> {
  const { resolver, onChallenges, logger } = deps;
  const { settings, files: paths } = config;
  await Promise.all([
    removeLeftoversIn(path.dirname(paths.config)),
    removeLeftoversIn(path.dirname(settings.paths.scalerToken)),
    removeLeftoversIn(paths.certificates, { olderThanMs: SHARED_LEFTOVER_AGE_MS }),
  ]);
  const proxyAddresses = createProxyAddresses({
    resolver,
    serviceName: config.serviceName,
    now: () => performance.now(),
  });
  const hosts: HostRules = { ...config.hosts, ownAddresses: () => proxyAddresses.all() };
  const store = createServiceStore();
  const table = createServiceTable();
  const state = createStateFile({
    file: paths.state,
    schema: SavedState,
    gather: () => ({
      services: savedServices(store, (name) => table.isListed(name)),
      acme: challenges.saved(),
    }),
    stringify: savedStateText,
    logger,
  });
  const loaded = (await state.load())?.state;
  const challenges: ChallengeAnswers = createChallengeAnswers({
    saved: loaded?.acme,
    byHand: config.acmeThumbprint,
    onChange() {
      state.changed();
      onChallenges();
    },
    nowMs: () => Date.now(),
    steadyMs: () => performance.now(),
  });
  const certificates = createCertificateStore({
    directory: paths.certificates,
    secrets: paths.secrets,
    labels: paths.labelCertificates,
    preferred: config.preferredCertificates,
    listFile: settings.paths.certificateList,
    generatesList: config.ownCertificateList === undefined,
    standIn: settings.paths.standInCertificate,
    logger,
  });
  const certified = createCertifiedTable({
    file: settings.paths.certifiedNames,
    certificates: () =>
      certificates
        .states()
        .flatMap(({ names, issued, expires }) => (issued && expires ? [{ names, issued, expires }] : [])),
    now: () => new Date(),
  });
  return {
    hosts,
    proxyAddresses,
    addresses: createAddressCache(resolver, (found) => withoutForbidden(found, hosts)),
    store,
    table,
    challenges,
    certificates,
    certified,
    saved: loaded?.services ?? [],
    changed: () => state.changed(),
    flush: () => state.flush(),
    actors: [state, ...(config.hosts.allowLoopback ? [] : [proxyAddresses.actor])],
  };
}
