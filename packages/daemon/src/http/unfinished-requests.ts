import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes connections when requests that are not whole yet hold more than `maxBytes` together: those that have taken
 * the longest first. A whole request is there in no time, while half of one may stay as long as it likes.
 */
export function limitUnfinishedRequests(server: Server, maxBytes: number): void {
  /** Bytes of unfinished requests, the oldest first. */
  const unfinished = new Map<Socket, number>();
  /** Connections whose last chunk has made a request whole. */
  const justWhole = new Set<Socket>();
  let held = 0;

  function set(socket: Socket, bytes: number): void {
    held += bytes - (unfinished.get(socket) ?? 0);
    if (bytes > 0) unfinished.set(socket, bytes);
    else unfinished.delete(socket);
  }

  server.on('connection', (socket) => {
    // Node's own listener has read the chunk before: a request that is whole by now is known as one.
    socket.on('data', (chunk: Buffer) => {
      if (!justWhole.delete(socket)) set(socket, (unfinished.get(socket) ?? 0) + chunk.length);
      for (const oldest of unfinished.keys()) {
        if (held <= maxBytes) return;
        set(oldest, 0);
        oldest.destroy();
      }
    });
    socket.once('close', () => set(socket, 0));
  });

  server.on('request', (request, response) => {
    const { headers, socket } = request;
    const finish = () => {
      set(socket, 0);
      justWhole.add(socket);
      // A body may end after the listener for its last chunk has run.
      setImmediate(() => justWhole.delete(socket));
    };
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    if (hasBody) request.once('end', finish);
    else finish();
    response.once('close', () => set(socket, 0));
  });
}
