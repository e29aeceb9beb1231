import { BlockList, isIP } from 'node:net';
import type { Issue, ProxyService } from '@docker-flow/labels';
import { isAddress } from '../../core/backends/servers.js';

export interface HostRules {
  /** `ALLOW_LOOPBACK` */
  readonly allowLoopback: boolean;
  /** `ALLOWED_HOSTS`: the only hosts that `outboundHostname` may name; none: all. `*.acme.com` is every host below. */
  readonly allowedHosts: readonly string[];
  /** Addresses of this replica and of the others, with or without the length of their networks' prefixes. */
  readonly ownAddresses: () => readonly string[];
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addSubnet('0.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addAddress('::', 'ipv6');

/** Addresses that lead to the proxy itself, to its API for instance, are taken out of what a name leads to. */
export function withoutForbidden(addresses: readonly string[], rules: HostRules): readonly string[] {
  return addresses.filter((address) => addressProblem(address, rules) === undefined);
}

/**
 * Why a service may not have its requests sent to a host that it names; `undefined` when it may. What its own name
 * leads to is its own business, as long as it is not the proxy.
 *
 * @param resolve the addresses of a name, as far as they are known
 */
export function findForbiddenHost(
  { name, destinations }: ProxyService,
  resolve: (host: string) => readonly string[],
  rules: HostRules,
): Issue | undefined {
  for (const { index, outboundHostname } of destinations) {
    const host = outboundHostname ?? name;
    const addresses = isAddress(host) ? [host] : resolve(host);
    const problem =
      (outboundHostname === undefined ? undefined : hostProblem(outboundHostname, rules)) ??
      addresses.map((address) => addressProblem(address, rules)).find((one) => one !== undefined);
    if (problem === undefined) continue;
    const label = index === 0 ? 'outboundHostname' : `outboundHostname.${index}`;
    return {
      service: name,
      label: outboundHostname === undefined ? 'serviceName' : label,
      value: host,
      problem,
      expected: 'a host other than the proxy, which the operator allows',
    };
  }
  return undefined;
}

function hostProblem(host: string, { allowLoopback, allowedHosts }: HostRules): string | undefined {
  const lower = host.toLowerCase().replace(/\.$/, '');
  if (!allowLoopback && (lower === 'localhost' || lower.endsWith('.localhost'))) return 'is the proxy itself';
  if (allowedHosts.length === 0) return undefined;
  const isAllowed = allowedHosts.some((one) =>
    one.startsWith('*.') ? lower.endsWith(one.slice(1).toLowerCase()) : lower === one.toLowerCase(),
  );
  return isAllowed ? undefined : 'is not among ALLOWED_HOSTS';
}

function addressProblem(address: string, { allowLoopback, ownAddresses }: HostRules): string | undefined {
  if (allowLoopback) return undefined;
  const family = isIP(address);
  // What only looks like an address, as 127.000.0.1 does, is none of anybody's.
  if (family === 0) return /^0*127\./.test(address) ? 'is the proxy itself' : undefined;
  const isOwn = ownAddresses().some((own) => own.split('/')[0] === address);
  return isOwn || LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4') ? 'is the proxy itself' : undefined;
}
