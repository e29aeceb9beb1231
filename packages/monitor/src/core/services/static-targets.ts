import { isServiceName, readPort, type Parameters } from '@docker-flow/labels';

/**
 * Targets outside the swarm, from pairs of SCRAPE_PORT_n and SERVICE_NAME_n, as the parameters of services.
 * Incomplete pairs and bad values are reported.
 */
export function staticTargets(environment: Readonly<Record<string, string | undefined>>): {
  readonly services: readonly Parameters[];
  readonly warnings: readonly string[];
} {
  const numbers = new Set<string>();
  for (const name of Object.keys(environment)) {
    const number = /^(?:SCRAPE_PORT|SERVICE_NAME)_([0-9]+)$/.exec(name)?.[1];
    if (number !== undefined) numbers.add(number);
  }
  const warnings: string[] = [];
  const services = [...numbers]
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((number) => {
      const serviceName = environment[`SERVICE_NAME_${number}`]?.trim() ?? '';
      const scrapePort = (environment[`SCRAPE_PORT_${number}`]?.trim() ?? '') || portOfAddress(serviceName);
      if (serviceName === '' || scrapePort === '')
        warnings.push(`SCRAPE_PORT_${number} and SERVICE_NAME_${number} are not both set`);
      else if (!isServiceName(serviceName))
        warnings.push(`SERVICE_NAME_${number}=${JSON.stringify(serviceName)} is not the name of a host`);
      else if (!readPort(scrapePort).ok)
        warnings.push(`SCRAPE_PORT_${number}=${JSON.stringify(scrapePort)} is not a port`);
      else return [{ serviceName, scrapePort, scrapeType: 'static_configs' }];
      return [];
    });
  return { services, warnings };
}

/** `db.acme.com:9100` needs no port beside it. */
function portOfAddress(serviceName: string): string {
  return /^(?:\[[^\]]*\]|[^:[\]]+):([0-9]+)$/.exec(serviceName)?.[1] ?? '';
}
