import type { Parameters, ProxyDestination } from '@docker-flow/labels';
import type { Alert } from '@docker-flow/monitor/core/services/alert';
import {
  alertsInForce,
  rejectAlerts,
  type MonitorState,
} from '@docker-flow/monitor/core/services/monitor-state';
import type { ServiceScrape } from '@docker-flow/monitor/core/services/service-scrape';
import { nameDestinations, type Names } from '@docker-flow/proxy-configurator/core/model/names';
import type { RoutedService } from '@docker-flow/proxy-configurator/core/model/routed-service';
import { monitorState } from './monitor.js';
import type { NotifiedService } from './notified-service.js';
import type { ProgramSettings } from './program-settings.js';
import { proxyRoutes } from './proxy.js';
import type { ReadScalingPlan, ScalingPlan } from './scaler.js';

/** One routed piece of a service with the names that the proxy gives it. */
export interface RouteEffect {
  readonly destination: ProxyDestination;
  readonly backend: string | undefined;
  readonly httpsBackend: string | undefined;
}

/** What becomes of one service. */
export interface ServiceEffect {
  readonly subject: NotifiedService;
  /** Absent when the proxy does not serve it. */
  readonly routed: RoutedService | undefined;
  readonly routes: readonly RouteEffect[];
  readonly scrape: ServiceScrape | undefined;
  readonly alerts: readonly Alert[];
  readonly scaling: ScalingPlan | undefined;
}

/** What becomes of services that run together. */
export interface Effects {
  readonly services: readonly ServiceEffect[];
  /** In the order of the proxy. */
  readonly routed: readonly RoutedService[];
  readonly state: MonitorState;
}

/** What only the checkers refuse. */
export interface Refusals {
  /** By the name that receivers hear. */
  readonly isServiceRefused: (service: string) => boolean;
  readonly isAlertRefused: (alert: Alert) => boolean;
}

const NONE: Refusals = { isServiceRefused: () => false, isAlertRefused: () => false };

/** What becomes of services, by the programs' own decisions. */
export function effectsOf(
  services: readonly NotifiedService[],
  settings: ProgramSettings,
  readScaling: ReadScalingPlan,
  { isServiceRefused, isAlertRefused }: Refusals = NONE,
): Effects {
  const heard = services.filter(({ isNotified }) => isNotified).map(({ parameters }) => parameters);
  const { routed: all } = proxyRoutes(heard, settings);
  const routed = all.filter(({ service }) => !isServiceRefused(service.name));
  const names = nameDestinations(routed.map(({ service }) => service));
  const byName = new Map(routed.map((one) => [one.service.name, one]));
  const state = rejectAlerts(monitorState(heard, settings.monitor), (alert) =>
    isAlertRefused(alert) ? 'refused' : undefined,
  );
  return {
    routed,
    state,
    services: services.map((subject) => {
      const name = nameOf(subject.parameters);
      const own = subject.isNotified ? byName.get(name) : undefined;
      const record = subject.isNotified ? state.services.get(name) : undefined;
      return {
        subject,
        routed: own,
        routes: own ? routesOf(own, names) : [],
        scrape: record?.scrape,
        alerts: record ? alertsInForce(record) : [],
        scaling: readScaling(subject.fullName, subject.labels),
      };
    }),
  };
}

function nameOf(parameters: Parameters): string {
  return parameters['serviceName'] ?? '';
}

function routesOf({ service }: RoutedService, names: Names): readonly RouteEffect[] {
  return service.destinations.map((destination) => {
    const { backend, httpsBackend } = names(service, destination);
    const { port, httpsPort } = destination;
    return {
      destination,
      backend: port === undefined ? undefined : backend,
      httpsBackend: httpsPort === undefined ? undefined : httpsBackend,
    };
  });
}
