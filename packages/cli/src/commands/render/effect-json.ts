import { withoutCredentials } from '@docker-flow/labels';
import type { ServiceEffect } from '../../programs/effects.js';
import { withoutSecretValues } from '../../text/hide-secrets.js';

/** One service as `render --format json` shows it. */
export function effectJson({ subject, routes, scrape, alerts, scaling }: ServiceEffect) {
  return {
    stack: subject.stack.name,
    service: subject.service.name,
    fullName: subject.fullName,
    notified: subject.isNotified,
    notification: subject.isNotified ? withoutSecretValues(subject.parameters) : null,
    routes: routes.map(({ destination, backend, httpsBackend }) => ({
      backend: backend ?? httpsBackend,
      mode: destination.mode,
      paths: destination.paths,
      domains: destination.domains,
      port: destination.port ?? null,
      srcPort: destination.srcPort ?? null,
      ...(httpsBackend === undefined ? {} : { httpsPort: destination.httpsPort, httpsBackend }),
      ...(destination.serviceGroup === undefined ? {} : { group: destination.serviceGroup }),
    })),
    scrape: scrape
      ? {
          job: scrape.service,
          port: scrape.port,
          path: scrape.metricsPath ?? '/metrics',
          ...(scrape.interval === undefined ? {} : { interval: scrape.interval }),
          ...(scrape.timeout === undefined ? {} : { timeout: scrape.timeout }),
          ...(scrape.type === '' ? {} : { type: scrape.type }),
        }
      : null,
    alerts: alerts.map((alert) => ({
      name: alert.name,
      rule: alert.formattedName,
      expr: withoutCredentials(alert.expression),
      for: alert.for,
      labels: mapValues(alert.labels, withoutCredentials),
      annotations: mapValues(alert.annotations, withoutCredentials),
    })),
    scaling: scaling ?? null,
  };
}

function mapValues(
  record: Readonly<Record<string, string>>,
  toValue: (value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, toValue(value)]));
}
