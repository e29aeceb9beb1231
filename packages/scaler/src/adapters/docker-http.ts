import type { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import { messageOf } from '@docker-flow/daemon/errors';
import { DockerError } from './docker-error.js';

export interface DockerCall {
  readonly method: 'GET' | 'POST';
  /** Without version prefix and query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON text, sent as it is. */
  readonly body?: string;
  readonly signal?: AbortSignal;
}

interface Dialable {
  dial(options: object, callback: (error: unknown, answer: IncomingMessage) => void): void;
}

const ALL_STATUSES = new Proxy({}, { get: () => true });

/**
 * One call through dockerode's connection (socket, TCP or TLS, negotiated version), answered as a stream
 * of bytes: dockerode's own methods parse and rebuild JSON, which would round large numbers in a spec.
 *
 * @throws {DockerError} when Docker does not answer, or answers with an error
 */
export async function openDocker(
  docker: Docker,
  call: DockerCall,
  description: string,
): Promise<IncomingMessage> {
  const answer = await dial(docker, call, description);
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return answer;
  const text = await readText(answer, description);
  throw new DockerError(`Error response from daemon: ${plainMessage(text)}`, { dockerStatus: status });
}

/**
 * The same, with the whole answer as text. A kept-alive connection may have been closed by Docker or a
 * proxy just now; what only reads is asked once more then.
 */
export async function callDocker(docker: Docker, call: DockerCall, description: string): Promise<string> {
  try {
    return await readText(await openDocker(docker, call, description), description);
  } catch (error) {
    if (call.method !== 'GET' || !wasClosed(error)) throw error;
    return readText(await openDocker(docker, call, description), description);
  }
}

function wasClosed(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === 'ECONNRESET' || cause?.code === 'EPIPE';
}

function dial(docker: Docker, call: DockerCall, description: string): Promise<IncomingMessage> {
  const { method, path, query, body, signal } = call;
  return new Promise((resolve, reject) => {
    (docker.modem as Dialable).dial(
      {
        method,
        path: query === undefined ? path : `${path}?`,
        ...(query === undefined ? {} : { options: { _query: query } }),
        isStream: true,
        statusCodes: ALL_STATUSES,
        ...(signal ? { abortSignal: signal } : {}),
        ...(body === undefined
          ? {}
          : { file: Buffer.from(body), headers: { 'Content-Type': 'application/json' } }),
      },
      (error, answer) => {
        if (error) reject(unreachable(error, description));
        else resolve(answer);
      },
    );
  });
}

function unreachable(error: unknown, description: string): DockerError {
  return new DockerError(
    `Cannot connect to the Docker daemon at ${description}. Is the docker daemon running? (${messageOf(error)})`,
    { cause: error },
  );
}

async function readText(answer: IncomingMessage, description: string): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer);
  } catch (error) {
    throw unreachable(error, description);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Docker sends `{"message": …}`; proxies in front of it send whatever they like. */
function plainMessage(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not JSON: shown as it is.
  }
  return text.trim().slice(0, 500);
}
