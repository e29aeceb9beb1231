import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { DnsProvider } from '../../config/config.js';
import type { DnsWriter, WallClock } from '../../ports.js';
import { waitForValue } from './settled-record.js';
import { serversOf } from './zone-servers.js';

type AcmeDns = Extract<DnsProvider, { readonly kind: 'acme-dns' }>;

export interface AcmeDnsOptions {
  readonly provider: AcmeDns;
  readonly http: HttpClient;
  readonly clock: WallClock;
  readonly waitMs: number;
}

/**
 * Writes records through an acme-dns server, to which a CNAME of `_acme-challenge.<domain>` leads. It keeps the last
 * two values of an account and forgets older ones, so there is nothing to remove.
 */
export function createAcmeDnsWriter({ provider, http, clock, waitMs }: AcmeDnsOptions): DnsWriter {
  return {
    async add(domain, value, signal) {
      const account = provider.accounts.get(domain);
      if (!account) throw new Error(`ACME_DNS_ACCOUNTS has no account for ${domain}`);
      const { status } = await http.request({
        method: 'POST',
        url: `${provider.url}/update`,
        headers: {
          'Content-Type': 'application/json',
          'X-Api-User': account.username,
          'X-Api-Key': account.password,
        },
        body: JSON.stringify({ subdomain: account.subdomain, txt: value }),
        redirects: 'none',
        signal,
      });
      if (status !== 200) throw new Error(`acme-dns refuses the update for ${domain}: status ${status}`);
    },
    remove: () => Promise.resolve(),
    async settled(domain, value, signal) {
      const name = provider.accounts.get(domain)?.fulldomain ?? domain;
      await waitForValue({ name, value, servers: await serversOf(name) }, { clock, waitMs }, signal);
    },
  };
}
