import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { chooseApiVersion, type DockerEndpoint } from '@docker-flow/docker/endpoint';
import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';

/**
 * The Engine API as streams of bytes. dockerode is not used here: it keeps whole lists in memory, its promises
 * never settle when a connection breaks in the middle of an answer, and with its libraries for builds and ssh
 * it takes 20 MB that this program does not have to spare.
 */
export interface Engine {
  readonly description: string;
  /**
   * Opens an answer with status 200.
   *
   * @throws {UpstreamError} with the engine's status as `details`, `undefined` when there was no answer
   */
  open(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage>;
  /**
   * Asks which API version the engine speaks and uses it from now on. Before, calls go without a version,
   * which every engine takes for its newest.
   *
   * @throws {UpstreamError}
   */
  negotiate(signal: AbortSignal): Promise<string>;
}

const MAX_CONNECTIONS = 16;
const MAX_ERROR_BYTES = 64 * 1024;

export function connectEngine({ options, description }: DockerEndpoint): Engine {
  const { protocol, ...target } = options;
  const secure = protocol === 'https';
  const pool = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: MAX_CONNECTIONS };
  const agent = secure ? new HttpsAgent(pool) : new HttpAgent(pool);
  const start = secure ? httpsRequest : httpRequest;
  let prefix = '';

  async function open(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const search = new URLSearchParams(query).toString();
    const call: RequestOptions = {
      ...(target as RequestOptions),
      agent,
      signal,
      path: `${prefix}${path}${search === '' ? '' : `?${search}`}`,
      headers: { Accept: 'application/json' },
    };
    const response = await respond(call).catch((error: unknown) => {
      throw failure(path, messageOf(error), undefined, error);
    });
    if (response.statusCode === 200) return response;
    throw failure(path, await complaint(response), response.statusCode);
  }

  function respond(call: RequestOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = start(call, resolve);
      request.on('error', reject);
      request.end();
    });
  }

  return {
    description,
    open,
    async negotiate(signal) {
      // A version that the engine has outgrown since must not stand in the way of asking.
      prefix = '';
      const answer = await readJson(await open('/version', {}, signal));
      const version = chooseApiVersion((answer as { ApiVersion?: unknown } | null)?.ApiVersion);
      if (version === undefined) throw failure('/version', 'no API version in the answer', undefined);
      prefix = `/v${version}`;
      return version;
    },
  };
}

/** @throws {Error} when the answer breaks off or is no JSON */
export async function readJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}

/** What the engine says about a refusal: `{"message": …}`. */
async function complaint(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += (chunk as Buffer).toString('utf8');
      if (text.length > MAX_ERROR_BYTES) break;
    }
    const { message } = JSON.parse(text) as { message?: unknown };
    return `${response.statusCode ?? 0} ${typeof message === 'string' ? message : text}`;
  } catch {
    return `${response.statusCode ?? 0} ${text.slice(0, 200)}`;
  }
}

export function failure(
  path: string,
  reason: string,
  status: number | undefined,
  cause?: unknown,
): UpstreamError {
  return new UpstreamError(`Docker GET ${path}: ${reason}`, { cause, details: status });
}
