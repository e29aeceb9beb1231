import { z } from 'zod/v3';

/** `/api/v2/alerts`. */
export const AlertsAnswer = z.array(
  z.object({
    fingerprint: z.string(),
    labels: z.record(z.string()),
    annotations: z.record(z.string()).default({}),
    startsAt: z.string(),
    status: z.object({ state: z.string() }),
    receivers: z.array(z.object({ name: z.string() })).default([]),
  }),
);

/** An alert that Alertmanager has. */
export interface DeliveredAlert {
  readonly name: string;
  /** `active`, `suppressed` or `unprocessed`. */
  readonly state: string;
  readonly since: string;
  readonly summary: string;
  readonly receivers: readonly string[];
}

export interface AlertmanagerPiece {
  readonly alerts: readonly DeliveredAlert[];
}

export interface AlertmanagerReading {
  /** Alerts without a service are under the empty name. */
  readonly services: ReadonlyMap<string, AlertmanagerPiece>;
  /** By the name of the rule: not every alert says its service. */
  readonly rules: ReadonlyMap<string, readonly DeliveredAlert[]>;
}

export function alertmanagerReading(answer: z.infer<typeof AlertsAnswer>): AlertmanagerReading {
  const services = new Map<string, { alerts: DeliveredAlert[] }>();
  const rules = new Map<string, readonly DeliveredAlert[]>();
  const sorted = [...answer].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  for (const { labels, annotations, startsAt, status, receivers } of sorted) {
    const service = labels['service'] ?? '';
    const alert: DeliveredAlert = {
      name: labels['alertname'] ?? '',
      state: status.state,
      since: startsAt,
      summary: annotations['summary'] ?? '',
      receivers: receivers.map(({ name }) => name),
    };
    const piece = services.get(service) ?? { alerts: [] };
    piece.alerts.push(alert);
    services.set(service, piece);
    rules.set(alert.name, [...(rules.get(alert.name) ?? []), alert]);
  }
  return { services, rules };
}
