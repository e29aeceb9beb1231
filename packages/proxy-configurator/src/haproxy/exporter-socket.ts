import { request } from 'node:http';
import { UpstreamError } from '@docker-flow/daemon/errors';

const TIMEOUT_MS = 5_000;

/**
 * One GET over a unix socket.
 *
 * @throws {UpstreamError} when no whole answer came in time
 */
export function getOverSocket(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(new UpstreamError(`HAProxy's exporter: ${error.message}`, { cause: error }));
    const call = request(
      { socketPath, path, timeout: TIMEOUT_MS, headers: { Host: 'localhost' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
        response.on('error', fail);
      },
    );
    call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    call.on('error', fail);
    call.end();
  });
}
