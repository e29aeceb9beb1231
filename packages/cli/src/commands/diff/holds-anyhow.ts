import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import type { Settings } from '@docker-flow/proxy-configurator/core/model/settings';
import type { ServiceScrape } from '@docker-flow/monitor/core/services/service-scrape';

/** What the proxy does with a service that says nothing. */
export type ProxyDefaults = Pick<Settings, 'labels' | 'timeouts' | 'connectionMode' | 'checkResolvers'>;

/** HAProxy's own, where a health check is asked for. */
const HEALTH = { intervalSeconds: 2, rise: 2, fall: 3, retries: 3 };
const REDIRECT_CODE = 302;
const METRICS_PATH = '/metrics';

/** A route without the words that only repeat what holds anyhow. */
export function withoutDefaults(
  destination: ProxyDestination,
  { name, canary }: Pick<ProxyService, 'name' | 'canary'>,
  { timeouts }: ProxyDefaults,
): Partial<ProxyDestination> {
  const { mode, health } = destination;
  return {
    ...destination,
    pathImplied: false,
    pathType: mode === 'http' ? unless('path_beg', destination.pathType) : destination.pathType,
    outboundHostname: unless(name, destination.outboundHostname),
    httpsRedirectCode: unless(REDIRECT_CODE, destination.httpsRedirectCode),
    timeoutServerSeconds: unless(Number(timeouts.server), destination.timeoutServerSeconds),
    timeoutTunnelSeconds: unless(Number(timeouts.tunnel), destination.timeoutTunnelSeconds),
    timeoutClientSeconds: unless(Number(timeouts.client), destination.timeoutClientSeconds),
    // The servers of a canary are checked more often, whatever is said.
    health: canary
      ? health
      : {
          ...health,
          intervalSeconds: unless(HEALTH.intervalSeconds, health.intervalSeconds),
          rise: unless(HEALTH.rise, health.rise),
          fall: unless(HEALTH.fall, health.fall),
          retries: unless(HEALTH.retries, health.retries),
        },
  };
}

/** What holds for all routes of a service, without the words that only repeat what holds anyhow, or have no effect. */
export function serviceWithoutDefaults(
  service: ProxyService,
  defaults: ProxyDefaults,
): Partial<ProxyService> {
  return {
    ...service,
    domainAlgo: unless(defaults.labels.domainAlgo, service.domainAlgo),
    connectionMode: unless(defaults.connectionMode, service.connectionMode),
    checkResolvers: unless(defaults.checkResolvers, service.checkResolvers),
    sessionType: service.sessionType === 'sticky-server' ? service.sessionType : undefined,
  };
}

/** A job without the words that only repeat what holds anyhow, or have no effect. */
export function scrapeWithoutDefaults(scrape: ServiceScrape): Partial<ServiceScrape> {
  return {
    ...scrape,
    type: scrape.type === 'static_configs' ? scrape.type : '',
    metricsPath: unless(METRICS_PATH, scrape.metricsPath),
  };
}

function unless<T>(holds: T, said: T | undefined): T | undefined {
  return said === holds ? undefined : said;
}
