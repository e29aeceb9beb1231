import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import { createHttpClient } from '@docker-flow/daemon/http/client';

/** Thousands of servers have pages of tens of megabytes, and they come from our own HAProxy. */
const client = createHttpClient({ timeoutMs: 30_000, maxResponseBytes: Infinity });

/**
 * One page of HAProxy's exporter, over its unix socket.
 *
 * @throws {UpstreamError} when no whole answer came in time
 */
export async function getOverSocket(socketPath: string, path: string): Promise<string> {
  try {
    // A connection that is kept open would be one to the worker of before the next reload.
    const headers = { Connection: 'close' };
    return (await client.request({ url: `http://localhost${path}`, socketPath, headers })).body;
  } catch (error) {
    throw new UpstreamError(`HAProxy's exporter: ${messageOf(error)}`, { cause: error });
  }
}
