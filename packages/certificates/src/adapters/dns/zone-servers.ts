import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

const TIMEOUT_MS = 2_000;
const TRIES = 1;

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Whether a name server has a value of a TXT record; `undefined` when it does not say. */
export async function hasValue(server: string, name: string, value: string): Promise<boolean | undefined> {
  const resolver = askingAt([server]);
  try {
    const records = await resolver.resolveTxt(name);
    return records.some((parts) => parts.join('') === value);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENODATA' || code === 'ENOTFOUND' ? false : undefined;
  }
}

/** Addresses of the name servers of the zone that a name is in, as `address` or `address:port`; none when nobody tells. */
export async function serversOf(name: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  for (const zone of zonesOf(name)) {
    const names = await resolver.resolveNs(zone).catch(() => []);
    if (names.length === 0) continue;
    const found = await Promise.all(names.map((one) => resolver.resolve4(one).catch(() => [])));
    return found.flat();
  }
  return [];
}

/** The zone that a name is in, by what a server says about itself; `undefined` when it is for none. */
export async function findZone(server: ServerAddress, name: string): Promise<string | undefined> {
  const [address] = await addressesOf(server.host);
  if (address === undefined) return undefined;
  const resolver = askingAt([withPort(address, server.port)]);
  for (const zone of zonesOf(name)) {
    const found = await resolver.resolveSoa(zone).catch(() => undefined);
    if (found) return zone;
  }
  return undefined;
}

/** A server of an update as the resolver wants it. */
export async function resolverAddresses({ host, port }: ServerAddress): Promise<readonly string[]> {
  return (await addressesOf(host)).map((address) => withPort(address, port));
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return new Resolver({ timeout: TIMEOUT_MS, tries: TRIES }).resolve4(host).catch(() => []);
}

function withPort(address: string, port: number): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

function askingAt(servers: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  resolver.setServers([...servers]);
  return resolver;
}

/** The name and everything above it, but no top level. */
function zonesOf(name: string): readonly string[] {
  const labels = name.split('.').filter((label) => label !== '');
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
}
