import { connect, createServer, type Server } from 'node:net';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { Logger } from '@docker-flow/daemon/log/logger';

/** Keeps a second program away from the same volume on the same machine. */
export interface Lock {
  /** Takes the lock if nobody has it. True while it is ours. */
  take(): Promise<boolean>;
  release(): Promise<void>;
}

const NAME = 'lock';

/**
 * A socket in the directory: it ends with the process that listens, however that ended, so nothing has to be waited
 * out after a crash. Where sockets cannot be made there, every program has the lock.
 */
export function createLock(directory: string, logger: Logger): Lock {
  let server: Server | undefined;
  let handle: FileHandle | undefined;
  let isImpossible = false;

  async function listen(): Promise<boolean> {
    // Addresses of sockets are short; the directory may not be.
    handle ??= await open(directory, 'r');
    const address = `/proc/self/fd/${handle.fd}/${NAME}`;
    if (await isAnswered(address)) return false;
    await rm(address, { force: true });
    const own = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      own.once('error', reject);
      own.listen(address, resolve);
    });
    own.unref();
    server = own;
    return true;
  }

  return {
    async take() {
      if (server !== undefined || isImpossible) return true;
      try {
        return await listen();
      } catch (error) {
        isImpossible = true;
        logger.debug('The state directory cannot be locked', { err: error });
        return true;
      }
    },
    async release() {
      const own = server;
      server = undefined;
      if (own) await new Promise<void>((resolve) => own.close(() => resolve()));
      await handle?.close().catch(() => undefined);
      handle = undefined;
    },
  };
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}
