import { connect } from 'node:net';

const TIMEOUT_MS = 10_000;

/** Sends one message to a name server over TCP, which no middle box cuts, and answers what comes back. @throws {Error} when that takes too long or the connection breaks */
export function sendMessage(
  { host, port }: { readonly host: string; readonly port: number },
  message: Buffer,
  signal?: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let got = Buffer.alloc(0);
    const end = (error: Error | undefined) => {
      socket.destroy();
      signal?.removeEventListener('abort', stop);
      if (error) reject(error);
      else resolve(got.subarray(2, 2 + got.readUInt16BE(0)));
    };
    const stop = () => end(new Error('stopped'));
    signal?.addEventListener('abort', stop, { once: true });
    socket.setTimeout(TIMEOUT_MS, () =>
      end(new Error(`${host}:${port} does not answer within ${TIMEOUT_MS} ms`)),
    );
    socket.once('error', end);
    socket.once('close', () => end(new Error(`${host}:${port} closed the connection`)));
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) end(undefined);
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    socket.write(Buffer.concat([length, message]));
  });
}
