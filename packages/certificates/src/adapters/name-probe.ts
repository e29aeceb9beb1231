import { randomBytes } from 'node:crypto';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { NameProbe } from '../ports.js';

const TIMEOUT_MS = 5_000;

/** Looks a name up and asks it for a token, as the authority will: from here, so what comes of it is only a hint. */
export function createNameProbe(http: HttpClient, resolver: NameResolver): NameProbe {
  return {
    async look(name, thumbprint, signal) {
      if ((await resolver.lookup(name, signal)).length === 0) return 'resolves to no address from here';
      const token = randomBytes(16).toString('base64url');
      try {
        const { status, body } = await http.request({
          url: `http://${name}/.well-known/acme-challenge/${token}`,
          redirects: 'none',
          timeoutMs: TIMEOUT_MS,
          signal,
        });
        if (status === 200 && body.trim() === `${token}.${thumbprint}`) return undefined;
        return `is answered by something else than the proxy (status ${status}), as seen from here`;
      } catch {
        return 'does not answer on port 80 from here';
      }
    },
  };
}
