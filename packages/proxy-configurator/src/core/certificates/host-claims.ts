import type { ProxyService } from '@docker-flow/labels';
import { matchesDomains } from '../explain/host-match.js';
import { domainAlgoOf, withIgnoreCase } from '../model/acl.js';

/** Whose a host name is, as far as the routes of services tell. */
export interface HostClaims {
  /** Whether the service says the name as a domain of its own. */
  names(service: string, host: string): boolean;
  /** A service that says the name as a domain, where the given one does not even route it. */
  foreignTo(service: string, host: string): string | undefined;
}

/** Host names may be wildcards such as `*.acme.com`. */
export function hostClaims(
  services: readonly ProxyService[],
  { defaultAlgo }: { readonly defaultAlgo: string },
): HostClaims {
  const byName = new Map(services.map((service) => [service.name, service]));

  function says(service: ProxyService, host: string): boolean | undefined {
    const algo = withIgnoreCase(domainAlgoOf(service, defaultAlgo));
    const asked = host.replace(/^\*/, 'any');
    const verdicts = service.destinations
      .filter(({ domains }) => domains.length > 0)
      .map(({ domains }) => matchesDomains(asked, domains, algo));
    return verdicts.includes(true) || (verdicts.includes(undefined) ? undefined : false);
  }

  /** What only HAProxy could tell is no claim against others, and no reason against oneself. */
  function routes(service: ProxyService, host: string): boolean {
    return service.destinations.some(({ domains }) => domains.length === 0) || says(service, host) !== false;
  }

  return {
    names(name, host) {
      const service = byName.get(name);
      return service !== undefined && says(service, host) === true;
    },
    foreignTo(name, host) {
      const own = byName.get(name);
      if (own && routes(own, host)) return undefined;
      return services.find((other) => other !== own && says(other, host) === true)?.name;
    },
  };
}
