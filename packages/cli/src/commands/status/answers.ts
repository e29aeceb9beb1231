import { withoutCredentials, type Parameters } from '@docker-flow/labels';
import { z } from 'zod/v3';
import { CannotRunError } from '../../exit-status.js';
import type { Ask } from '../../neighbours/ask.js';
import { announcedServices } from '../../neighbours/listener.js';
import type { StatusOptions } from './options.js';

/** What one program says, or why it says nothing. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const route = z.object({
  mode: z.string(),
  paths: z.array(z.string()).default([]),
  domains: z.array(z.string()).default([]),
  port: z.number().nullish(),
  srcPort: z.number().nullish(),
  httpsPort: z.number().nullish(),
});

const proxyStatus = z.object({
  services: z.array(z.object({ service: z.string(), routes: z.array(route).default([]) })),
  rejected: z.array(z.object({ service: z.string(), message: z.string() })).default([]),
});

const monitoredService = z.object({
  serviceName: z.string(),
  scrape: z.object({ scrapePort: z.number(), rejected: z.string().optional() }).nullish(),
  alerts: z.array(z.object({ alertNameFormatted: z.string(), expression: z.string() })).default([]),
  rejected: z.array(z.object({ alertName: z.string(), reason: z.string() })).default([]),
});

const bound = z.object({ value: z.number() });
const scaledService = z.object({
  name: z.string(),
  replicas: z.object({ wanted: z.number(), running: z.number().optional() }),
  min: bound,
  max: bound,
});

const targets = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        labels: z.record(z.string()),
        health: z.string(),
        lastError: z.string().default(''),
      }),
    ),
  }),
});
const rules = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string() })) })) }),
});

export type ProxyStatus = z.output<typeof proxyStatus>;
export type MonitoredService = z.output<typeof monitoredService>;
export type ScaledService = z.output<typeof scaledService>;

interface PrometheusFacts {
  readonly targets: ReadonlyMap<string, readonly { readonly health: string; readonly lastError: string }[]>;
  readonly rules: ReadonlySet<string>;
}

/** What those say that were asked. */
export interface Answers {
  readonly listener: Answer<ReadonlyMap<string, Parameters>> | undefined;
  readonly proxy: Answer<ProxyStatus> | undefined;
  readonly monitor: Answer<ReadonlyMap<string, MonitoredService>> | undefined;
  readonly prometheus: Answer<PrometheusFacts> | undefined;
  readonly scaler: Answer<ReadonlyMap<string, ScaledService>> | undefined;
}

type Addresses = Pick<StatusOptions, 'listener' | 'proxy' | 'monitor' | 'prometheus' | 'scaler'>;

/** Asks all of them once, at the same time. */
export async function askAll(ask: Ask, addresses: Addresses): Promise<Answers> {
  const at = async <T>(
    address: string | undefined,
    question: (address: string) => Promise<T>,
  ): Promise<Answer<T> | undefined> => {
    if (address === undefined) return undefined;
    try {
      return { ok: true, value: await question(address) };
    } catch (error) {
      if (error instanceof CannotRunError) return { ok: false, reason: error.message };
      throw error;
    }
  };
  const [listener, proxy, monitor, prometheus, scaler] = await Promise.all([
    at(addresses.listener, (address) => announcedServices(ask, address)),
    at(addresses.proxy, (address) => read(ask, address, '/v1/docker-flow-proxy/status', proxyStatus)),
    at(addresses.monitor, async (address) => {
      const schema = z.object({ services: z.array(monitoredService) });
      const { services } = await read(ask, address, '/v1/docker-flow-monitor/status', schema);
      return new Map(services.map((one) => [one.serviceName, one]));
    }),
    at(addresses.prometheus, (address) => prometheusFacts(ask, address)),
    at(addresses.scaler, async (address) => {
      const { services } = await read(
        ask,
        address,
        '/v1/services',
        z.object({ services: z.array(scaledService) }),
      );
      return new Map(services.map((one) => [one.name, one]));
    }),
  ]);
  return { listener, proxy, monitor, prometheus, scaler };
}

async function prometheusFacts(ask: Ask, address: string): Promise<PrometheusFacts> {
  const [active, loaded] = await Promise.all([
    read(ask, address, '/api/v1/targets?state=active', targets),
    read(ask, address, '/api/v1/rules?type=alert', rules),
  ]);
  const byJob = new Map<
    string,
    PrometheusFacts['targets'] extends ReadonlyMap<string, infer T> ? T : never
  >();
  for (const { labels, health, lastError } of active.data.activeTargets) {
    const { job = '' } = labels;
    byJob.set(job, [...(byJob.get(job) ?? []), { health, lastError }]);
  }
  const names = loaded.data.groups.flatMap((group) => group.rules.map(({ name }) => name));
  return { targets: byJob, rules: new Set(names) };
}

async function read<T>(
  ask: Ask,
  address: string,
  path: string,
  schema: z.ZodType<T, z.ZodTypeDef, unknown>,
): Promise<T> {
  const result = schema.safeParse(await ask.json(address, path));
  if (result.success) return result.data;
  throw new CannotRunError(`${withoutCredentials(address)}${path} does not answer as expected`);
}
