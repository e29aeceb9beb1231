import { isIP } from 'node:net';
import { UpstreamError } from '@docker-flow/daemon/errors';
import type { HttpClient, HttpResponse } from '@docker-flow/daemon/http/client';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import { encodePairs } from '@docker-flow/labels';
import { z } from 'zod/v3';
import type { Proxies } from '../ports.js';

export interface ProxiesOptions {
  readonly http: HttpClient;
  readonly resolver: NameResolver;
  /** Of any replica: scheme, port and maybe a path in front. */
  readonly address: URL;
  /** Name of the proxy's Swarm service. */
  readonly serviceName: string;
  readonly token: string | undefined;
}

const API = '/v1/docker-flow-proxy';

const ChallengesAnswer = z.object({
  thumbprint: z.string().nullish(),
  directory: z.string().nullish(),
  owner: z.string().nullish(),
  live: z.boolean(),
});
const CertificatesAnswer = z.object({
  Certs: z.array(z.object({ ProxyServiceName: z.string(), CertContent: z.string() })).nullable(),
});
const FingerprintAnswer = z.object({ certificates: z.string() });
const Refusal = z.object({ Message: z.string().optional(), owner: z.string().optional() });

/** The replicas of the proxy over its API. */
export function createProxies(options: ProxiesOptions): Proxies {
  const { http, resolver, address: pattern, serviceName, token } = options;
  const headers: Readonly<Record<string, string>> =
    token === undefined ? {} : { Authorization: `Bearer ${token}` };

  function ask(
    address: string,
    method: string,
    path: string,
    query: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<HttpResponse> {
    const url = new URL(pattern);
    url.hostname = address.includes(':') ? `[${address}]` : address;
    url.pathname = `${url.pathname.replace(/\/+$/, '')}${API}${path}`;
    url.search = encodePairs(Object.entries(query));
    return http.request({ method, url: url.href, headers, body, redirects: 'none' });
  }

  return {
    async addresses(signal) {
      const host = pattern.hostname.replace(/^\[|\]$/g, '');
      if (isIP(serviceName) !== 0) return [host];
      return resolver.lookup(`tasks.${serviceName}`, signal);
    },
    async challenges(address) {
      const answer = read(ChallengesAnswer, await ask(address, 'GET', '/acme'));
      return {
        thumbprint: answer.thumbprint ?? undefined,
        directory: answer.directory ?? undefined,
        owner: answer.owner ?? undefined,
        isLive: answer.live,
      };
    },
    async claim(address, { thumbprint, owner, ttlMs, directory, certificates }) {
      const ttl = String(Math.max(1, Math.ceil(ttlMs / 1_000)));
      const query = { thumbprint, owner, ttl, directory };
      const response = await ask(address, 'PUT', '/acme', query, JSON.stringify({ certificates }));
      if (response.status === 200) return { kind: 'live' };
      const refusal = Refusal.safeParse(json(response.body));
      const { Message = '', owner: other } = refusal.success ? refusal.data : {};
      if (response.status === 409) return { kind: 'kept', owner: other ?? 'another program' };
      return { kind: 'refused', reason: Message === '' ? `status ${response.status}` : Message };
    },
    async release(address, owner) {
      await ask(address, 'DELETE', '/acme', { owner });
    },
    async fingerprint(address) {
      const answer = FingerprintAnswer.safeParse(json((await ask(address, 'GET', '/fingerprint')).body));
      return answer.success ? answer.data.certificates : undefined;
    },
    async certificates(address) {
      const { Certs } = read(CertificatesAnswer, await ask(address, 'GET', '/certs'));
      return new Map(
        (Certs ?? []).map(({ ProxyServiceName, CertContent }) => [ProxyServiceName, CertContent]),
      );
    },
    async store(address, certName, pem, distribute) {
      const query = { certName, distribute: String(distribute) };
      const { status, body } = await ask(address, 'PUT', '/cert', query, pem);
      if (status === 200) return undefined;
      const refusal = Refusal.safeParse(json(body));
      return (refusal.success ? refusal.data.Message : undefined) ?? `status ${status}`;
    },
    async remove(address, certName) {
      const { status } = await ask(address, 'DELETE', '/cert', { certName });
      if (status !== 200) throw new UpstreamError(`DELETE cert: status ${status}`);
    },
  };
}

/** @throws {UpstreamError} when it is not what it should be */
function read<T>(schema: z.ZodType<T, z.ZodTypeDef, unknown>, { status, body }: HttpResponse): T {
  if (status === 401) throw new UpstreamError('the proxy asks for a token: PROXY_API_TOKEN');
  const answer = schema.safeParse(json(body));
  if (status !== 200 || !answer.success) throw new UpstreamError(`the proxy answered with status ${status}`);
  return answer.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
