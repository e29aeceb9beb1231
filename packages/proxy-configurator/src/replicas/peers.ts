import { BlockList, isIPv4 } from 'node:net';
import { UpstreamError } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import { encodePairs, type QueryPair } from '@docker-flow/labels';
import { tasksName } from '../core/model/routed-service.js';

/** The other replicas of this proxy. */
export interface Peers {
  /**
   * Their addresses, without our own.
   *
   * @throws {UpstreamError} when Swarm knows no tasks of this service
   */
  addresses(): Promise<readonly string[]>;
  /**
   * Sends a request to all of them at once, with `distribute=false`.
   *
   * @throws {UpstreamError} naming those that did not take it
   */
  forward(request: ForwardedRequest): Promise<void>;
  /** The answers of those that gave one with status 200; `otherPort` is tried where our port does not answer. */
  ask(path: string, otherPort?: number): Promise<readonly string[]>;
  isPeer(address: string): Promise<boolean>;
}

export interface ForwardedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly QueryPair[];
  readonly body?: string;
}

export interface PeersOptions {
  readonly serviceName: string;
  readonly port: number;
  readonly resolver: NameResolver;
  /** Our own addresses with the length of their networks' prefixes, such as `10.0.1.5/24`. */
  readonly ownAddresses: () => readonly string[];
  readonly http: HttpClient;
  readonly token: string | undefined;
  readonly logger: Logger;
}

export function createPeers(options: PeersOptions): Peers {
  const { serviceName, port, resolver, http, logger, token } = options;
  const headers: Readonly<Record<string, string>> =
    token === undefined ? {} : { Authorization: `Bearer ${token}` };

  async function addresses(): Promise<readonly string[]> {
    const name = tasksName(serviceName);
    const found = await resolver.lookup(name);
    if (found.length === 0) {
      throw new UpstreamError(
        `Could not perform DNS lookup for ${name}. If the service of this proxy has another name, set SERVICE_NAME to it`,
      );
    }
    const own = options.ownAddresses().map((one) => one.split('/')[0]);
    return reachable(found.filter((address) => !own.includes(address)));
  }

  /** Those in one of our own networks: Swarm may name addresses in networks that only others are on. */
  function reachable(found: readonly string[]): readonly string[] {
    const networks = new BlockList();
    for (const one of options.ownAddresses()) {
      const [address = '', prefix = ''] = one.split('/');
      if (isIPv4(address) && prefix !== '') networks.addSubnet(address, Number(prefix));
    }
    const near = found.filter((address) => networks.check(address));
    return near.length > 0 ? near : found;
  }

  function urlOf(address: string, path: string, at = port): string {
    return `http://${address.includes(':') ? `[${address}]` : address}:${at}${path}`;
  }

  return {
    addresses,
    async isPeer(address) {
      return (await resolver.lookup(tasksName(serviceName))).includes(address);
    },
    async forward({ method, path, query, body }) {
      const pairs = [...query.filter(([name]) => name !== 'distribute'), ['distribute', 'false'] as const];
      const others = await addresses();
      const failed = await Promise.all(
        others.map(async (address) => {
          try {
            const { status } = await http.request({
              method,
              url: `${urlOf(address, path)}?${encodePairs(pairs)}`,
              headers,
              redirects: 'none',
              ...(body === undefined ? {} : { body }),
            });
            if (status < 300) return [];
            logger.warn('Another replica refused a request', { peer: address, path, status });
          } catch (error) {
            logger.warn('Another replica could not be reached', { peer: address, path, err: error });
          }
          return [address];
        }),
      );
      const list = failed.flat();
      if (list.length > 0) {
        throw new UpstreamError(
          `Could not send distribute request to the following addresses: [${list.join(' ')}]`,
        );
      }
    },
    async ask(path, otherPort) {
      const others = await addresses();
      const answers = await Promise.all(
        others.map(async (address) => {
          for (const at of otherPort === undefined || otherPort === port ? [port] : [port, otherPort]) {
            try {
              const { status, body } = await http.request({ url: urlOf(address, path, at), headers });
              return status === 200 ? [body] : [];
            } catch {
              // It does not answer here.
            }
          }
          return [];
        }),
      );
      return answers.flat();
    },
  };
}
