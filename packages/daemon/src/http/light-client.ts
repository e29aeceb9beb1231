import { createDirectHttpClient, type DirectHttpClientOptions } from './direct-client.js';
import type { Environment } from '../config/environment.js';
import type { HttpClient } from './client.js';

export interface LightHttpClientOptions extends DirectHttpClientOptions {
  /** Whether requests may have to go through a proxy; see `hasProxy`. */
  readonly hasProxy: boolean;
}

const MAX_REDIRECTS = 10;

/** Whether `HTTP_PROXY`, `HTTPS_PROXY` or `ALL_PROXY` is set, in large or small letters. */
export function hasProxy(environment: Environment): boolean {
  return ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].some((name) =>
    [name, name.toLowerCase()].some((key) => (environment[key] ?? '') !== ''),
  );
}

/**
 * Node's own HTTP as long as that is enough, which it nearly always is inside a Swarm. axios is loaded, 10 MB of
 * memory, when there is a proxy on the way or an answer is a redirect that has to be followed.
 */
export function createLightHttpClient(options: LightHttpClientOptions): HttpClient {
  const direct = createDirectHttpClient(options);
  // axios knows no beginnings of answers, so to those who want one it gives whole ones.
  const { longAnswers, maxResponseBytes, ...common } = options;
  const whole =
    longAnswers === 'cut' || maxResponseBytes === undefined ? common : { ...common, maxResponseBytes };
  let general: Promise<HttpClient> | undefined;
  const loadGeneral = () =>
    (general ??= import('./client.js').then(({ createHttpClient }) => createHttpClient(whole)));

  return {
    async request(request) {
      if (options.hasProxy && !isLoopback(request.url)) return (await loadGeneral()).request(request);
      const answer = await direct.request(request);
      const { method = 'GET', maxRedirects = MAX_REDIRECTS } = request;
      const isFollowed = maxRedirects > 0 && (method === 'GET' || method === 'HEAD');
      if (!isFollowed || !isRedirect(answer.status) || answer.headers['location'] === undefined)
        return answer;
      return (await loadGeneral()).request(request);
    },
  };
}

/** What is on this machine is never asked through a proxy, as with Go's client. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
