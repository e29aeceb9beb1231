import { z } from 'zod/v3';

const texts = z.array(z.string()).default([]);

const ProxyRoute = z.object({
  mode: z.string().default('http'),
  paths: texts,
  domains: texts,
  srcPort: z.number().optional(),
  port: z.union([z.number(), z.string()]).optional(),
  httpsPort: z.union([z.number(), z.string()]).optional(),
  group: z.string().optional(),
  backend: z.string().optional(),
  httpsBackend: z.string().optional(),
  /** Why its servers cannot be reached. */
  problem: z.string().optional(),
});
export type ProxyRoute = Readonly<z.infer<typeof ProxyRoute>>;

const ProxyCertificate = z.object({
  name: z.string(),
  source: z.string().optional(),
  expires: z.string().optional(),
  problem: z.string().optional(),
  /** What the program that orders it says of it. */
  renewAt: z.string().optional(),
  renewalProblem: z.string().optional(),
});
export type ProxyCertificate = Readonly<z.infer<typeof ProxyCertificate>>;

/** The answer of the proxy's `status`, as far as it is shown. */
export const ProxyStatus = z.object({
  haproxy: z.object({
    version: z.string().default(''),
    running: z.boolean(),
    problem: z.string().optional(),
  }),
  /** Of the proxy as a whole. */
  warnings: texts,
  services: z
    .array(
      z.object({
        service: z.string(),
        aclName: z.string().default(''),
        warnings: texts,
        routes: z.array(ProxyRoute).default([]),
      }),
    )
    .default([]),
  rejected: z
    .array(
      z.object({
        service: z.string(),
        reason: z.string(),
        message: z.string(),
        olderVersionLive: z.boolean().default(false),
      }),
    )
    .default([]),
  certificates: z.array(ProxyCertificate).default([]),
  /** What was made live last, the newest first. */
  changes: z.array(z.object({ at: z.string(), durationMs: z.number() })).default([]),
});
export type ProxyStatus = Readonly<z.infer<typeof ProxyStatus>>;

/** What the proxy says of one service. */
export interface ProxyPiece {
  /** Orders services whose routes are equally specific. */
  readonly aclName: string;
  /** In force. */
  readonly routes: readonly ProxyRoute[];
  readonly warnings: readonly string[];
  readonly rejection?: { readonly message: string; readonly olderVersionLive: boolean };
}

export interface ProxyReading {
  readonly services: ReadonlyMap<string, ProxyPiece>;
  readonly haproxy: ProxyStatus['haproxy'];
  readonly certificates: readonly ProxyCertificate[];
  readonly warnings: readonly string[];
  /** When something was made live the last time. */
  readonly lastChangeAtMs?: number;
  /** From a look at the services to a worker that runs them: 95 of 100 of the last changes took no longer. */
  readonly changeP95Seconds?: number;
}

export function proxyReading(status: ProxyStatus): ProxyReading {
  const { haproxy, services, rejected, certificates, warnings: own, changes } = status;
  const pieces = new Map<string, ProxyPiece>();
  for (const { service, aclName, routes, warnings } of services)
    pieces.set(service, { aclName, routes, warnings });
  for (const { service, message, olderVersionLive } of rejected) {
    const { aclName = '', routes = [], warnings = [] } = pieces.get(service) ?? {};
    pieces.set(service, { aclName, routes, warnings, rejection: { message, olderVersionLive } });
  }
  const [last] = changes;
  const durations = changes.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const p95 = durations[Math.ceil(durations.length * 0.95) - 1];
  return {
    services: pieces,
    haproxy,
    certificates,
    warnings: own,
    ...(last === undefined ? {} : { lastChangeAtMs: Date.parse(last.at) }),
    ...(p95 === undefined ? {} : { changeP95Seconds: p95 / 1_000 }),
  };
}
