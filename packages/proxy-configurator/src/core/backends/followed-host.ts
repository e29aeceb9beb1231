import type { Line, Server } from '../model/directives.js';
import type { Lookup } from '../model/remember.js';
import type { Addresses } from '../model/routed-service.js';
import { isAddress, slotsFor } from './servers.js';

interface FollowedHost {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly backend: string;
  /** Of its first server. */
  readonly name: string;
}

interface Context {
  readonly addresses: Pick<Addresses, 'get'>;
  /** Servers each backend has in the configuration that runs. */
  readonly slots: Lookup<number>;
}

/** The servers of a neighbour that we ask ourselves: one for each address of its host, which is followed. */
export function followedServers(
  { host, port, tls, backend, name }: FollowedHost,
  { addresses, slots }: Context,
): readonly Line[] {
  const options = tls
    ? [
        'ssl',
        'verify',
        'required',
        'ca-file',
        '@system-ca',
        ...(isAddress(host) ? [] : ['sni', `str(${host})`]),
      ]
    : [];
  const one: Server = { name, host, port, address: undefined, follow: 'controller', options };
  if (isAddress(host)) return [{ kind: 'server', server: { ...one, address: host, follow: 'fixed' } }];
  const known = addresses.get(host) ?? [];
  const running = slots.get(backend) ?? 1;
  const count = known.length > 1 || running > 1 ? slotsFor(known.length, running) : 1;
  return Array.from({ length: count }, (_, i) => ({
    kind: 'server',
    server: { ...one, name: i === 0 ? name : `${name}_${i}`, address: known[i] },
  }));
}
