import { UpstreamError, type HttpClient, type Logger } from '@docker-flow/daemon/without-docker';
import { encodePairs, type QueryPair } from '@docker-flow/labels';
import { tasksName } from './core/routed-service.js';
import type { NameResolver } from './ports.js';

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
  /** The answers of those that gave one with status 200. */
  ask(path: string): Promise<readonly string[]>;
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
    const own = new Set(options.ownAddresses());
    return found.filter((address) => !own.has(address));
  }

  function urlOf(address: string, path: string): string {
    return `http://${address.includes(':') ? `[${address}]` : address}:${port}${path}`;
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
    async ask(path) {
      const others = await addresses();
      const answers = await Promise.all(
        others.map(async (address) => {
          try {
            const { status, body } = await http.request({ url: urlOf(address, path), headers });
            return status === 200 ? [body] : [];
          } catch {
            return [];
          }
        }),
      );
      return answers.flat();
    },
  };
}
