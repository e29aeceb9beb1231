import { connect } from 'node:net';
import { UpstreamError } from '@docker-flow/daemon/errors';

/**
 * Sends one command line to a HAProxy socket and answers everything it says until it closes.
 *
 * @throws {UpstreamError} when nobody listens, the connection breaks, or it takes longer than `timeoutMs`
 */
export function sendCommand(socketPath: string, command: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const chunks: Buffer[] = [];
    const fail = (reason: string, cause?: unknown) => {
      socket.destroy();
      reject(new UpstreamError(`HAProxy socket ${socketPath}: ${reason}`, { cause }));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('error', (error) => fail(error.message, error));
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
    socket.end(`${command}\n`);
  });
}
