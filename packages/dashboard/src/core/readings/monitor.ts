import { z } from 'zod/v3';

const InstalledAlert = z.object({
  alertName: z.string(),
  alertNameFormatted: z.string(),
  expression: z.string(),
  for: z.string().optional(),
  /** Why its last evaluation failed. */
  lastError: z.string().optional(),
});
export type InstalledAlert = Readonly<z.infer<typeof InstalledAlert>>;

const MonitorService = z.object({
  serviceName: z.string(),
  scrape: z.object({ scrapePort: z.number().optional(), rejected: z.string().optional() }).optional(),
  alerts: z.array(InstalledAlert).default([]),
  rejected: z.array(z.object({ alertName: z.string(), reason: z.string() })).default([]),
  problems: z.array(z.string()).default([]),
});

/** The answer of the monitor's `status`, as far as it is shown. */
export const MonitorStatus = z.object({
  prometheus: z.object({ running: z.boolean(), reason: z.string().optional() }),
  lastReload: z.object({
    result: z.string(),
    reason: z.string().optional(),
    lastGoodAt: z.string().optional(),
  }),
  problems: z.array(z.string()).default([]),
  services: z.array(MonitorService).default([]),
  rejectedParts: z.array(z.object({ part: z.string(), reason: z.string() })).default([]),
});
export type MonitorStatus = Readonly<z.infer<typeof MonitorStatus>>;

/** What the monitor says of one service. */
export type MonitorPiece = Readonly<Omit<z.infer<typeof MonitorService>, 'serviceName'>>;

export interface MonitorReading extends Omit<MonitorStatus, 'services'> {
  readonly services: ReadonlyMap<string, MonitorPiece>;
}

/** Parts of the configuration that belong to a service: its scrape job, and each of its alerts. */
const PART_OF_SERVICE = /^(?:service (\S+)|alert (\S+) (\S+))$/;

/** What is rejected of a service is told with it; `rejectedParts` are those of the operator. */
export function monitorReading({ services, rejectedParts, ...rest }: MonitorStatus): MonitorReading {
  const pieces = new Map<string, MonitorPiece>(
    services.map(({ serviceName, ...piece }) => [serviceName, piece]),
  );
  const others = rejectedParts.filter(({ part, reason }) => {
    const [, ofJob, service = ofJob ?? '', formatted] = PART_OF_SERVICE.exec(part) ?? [];
    const piece = pieces.get(service);
    if (piece === undefined) return true;
    if (formatted === undefined) return piece.scrape?.rejected === undefined;
    const alert = piece.alerts.find(({ alertNameFormatted }) => alertNameFormatted === formatted);
    const rejected = [...piece.rejected, { alertName: alert?.alertName ?? formatted, reason }];
    pieces.set(service, { ...piece, rejected });
    return false;
  });
  return { ...rest, rejectedParts: others, services: pieces };
}
