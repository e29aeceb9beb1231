import type { Express } from 'express';
import type { Registry } from 'prom-client';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { addRoutes } from '../api/routes.js';
import { serviceAnswer } from '../api/service-json.js';
import { createRenewalNotes } from '../acme/renewal-notes.js';
import { statusOf } from '../api/status.js';
import type { Config } from '../config/config.js';
import { explainRoute } from '../core/explain/explain.js';
import type { Capabilities } from '../core/model/settings.js';
import { maskSecrets } from '../core/text/mask-secrets.js';
import { getOverSocket } from '../haproxy/exporter-socket.js';
import type { Reachability } from '../services/reachability/reachability.js';
import { liveText } from './live-text.js';
import type { Memory } from './memory.js';
import type { Replicas } from './replicas.js';
import type { Serving } from './serving.js';
import type { Sources } from './sources.js';

export interface ApplicationDeps {
  readonly memory: Memory;
  readonly serving: Serving;
  readonly sources: Sources;
  readonly replicas: Replicas;
  readonly reachability: Pick<Reachability, 'of'>;
  readonly capabilities: Capabilities;
  readonly registry: Registry;
  readonly logger: Logger;
}

/** The API over everything else. */
export function createApplication(config: Config, deps: ApplicationDeps): Express {
  const { capabilities, registry, logger } = deps;
  const { store, challenges, certificates: stored } = deps.memory;
  const renewals = createRenewalNotes(() => challenges.owner());
  const { files, haproxy, metrics, reconciliation, runs, changes } = deps.serving;
  const { requests, feed } = deps.sources;
  const { peers, certificates, fingerprints } = deps.replicas;
  const { settings } = config;
  const liveServices = () => store.entries().flatMap(({ live }) => (live ? [live.routed] : []));
  const rejectedServices = () =>
    store
      .entries()
      .flatMap(({ rejection }) =>
        rejection ? [{ service: rejection.request.service, message: rejection.message }] : [],
      );
  return createHttpApp({
    logger,
    registry,
    routes: (own) =>
      addRoutes(
        own,
        {
          requests,
          peers,
          certificates,
          acme: {
            answers: challenges,
            renewals,
            async makeLive() {
              await runs.submit();
            },
            liveThumbprint: () => reconciliation.liveThumbprint(),
            peers,
          },
          reloadFromDisk: () => runs.reloadFromDisk(),
          askListeners: () => feed.notifyServices(),
          hasFetched: () => feed.hasFetched(),
          config: async () => {
            const text = await liveText({
              read: () => files.read(),
              isLive: () => reconciliation.isLive(),
              run: () => runs.submit(),
            });
            return text === undefined ? undefined : maskSecrets(text);
          },
          services: () =>
            Object.fromEntries(
              store
                .entries()
                .flatMap(({ name, live }) =>
                  live ? [[name, serviceAnswer(live.routed.service, live.routed.users)] as const] : [],
                ),
            ),
          statistics: () => haproxy.command('show stat'),
          exporter: async () =>
            (await getOverSocket(settings.paths.exporterSocket, '/metrics')) +
            (await metrics.renderBackendInfo()),
          metrics: () => metrics.render(),
          status: () =>
            statusOf({
              settings,
              entries: store.entries(),
              certificates: stored.states(),
              reachOf: (backend) => deps.reachability.of(backend),
              renewalOf: (name) => renewals.of(name),
              capabilities,
              isRunning: haproxy.running(),
              problem: runs.failure(),
              changes: changes.list(),
              challenges: {
                isWanted: challenges.thumbprint() !== undefined,
                isLive: reconciliation.liveThumbprint() === challenges.thumbprint(),
              },
            }),
          readiness: async () => ({
            problem: readinessProblem(await haproxy.answers(), reconciliation.isLive(), runs.failure()),
            rejected: store.entries().flatMap(({ name, rejection }) => (rejection ? [name] : [])),
          }),
          explain: (request) => explainRoute(request, liveServices(), settings, rejectedServices()),
          fingerprints,
          logger,
        },
        {
          defaultPort: settings.defaultPorts.find(({ port }) => port !== undefined)?.port ?? 80,
          token: config.apiToken,
        },
      ),
  });
}

function readinessProblem(
  isRunning: boolean,
  isLive: boolean,
  failure: string | undefined,
): string | undefined {
  const reason = failure === undefined ? '' : `: ${failure}`;
  if (!isLive) return `The first configuration is not live yet${reason}`;
  return isRunning ? undefined : `HAProxy does not run, or does not answer${reason}`;
}
