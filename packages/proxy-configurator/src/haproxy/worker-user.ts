import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { findUser, type SystemUser } from '../core/system/system-user.js';
import type { WorkerUser } from '../core/model/settings.js';

const NAME = 'haproxy';
const TRY_TIMEOUT_MS = 5_000;

export interface WorkerUserOptions {
  /** A socket that workers connect to themselves. */
  readonly socket: string;
  readonly logger: Logger;
}

/**
 * The user whose rights HAProxy's workers take once they have their ports and files; `undefined` when they keep those
 * of this program: because these are no more than another user's, or because there is no user `haproxy`, or it cannot
 * be taken, as in a user namespace or without the capabilities SETUID and SETGID. The log says why.
 */
export async function findWorkerUser({ socket, logger }: WorkerUserOptions): Promise<WorkerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [passwd, group] = await Promise.all(
    ['/etc/passwd', '/etc/group'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const user = findUser(NAME, passwd ?? '', group ?? '');
  const problem = user ? await whyNotTaken(user, path.dirname(socket)) : `there is no user ${NAME}`;
  if (!user || problem !== undefined) {
    logger.warn('Workers of HAProxy keep the rights of root', { reason: problem });
    return undefined;
  }
  return { user: user.name, group: user.group };
}

/**
 * Tries it: becomes the user, and goes where the sockets are. Why that failed; `undefined` when it did not. Node throws
 * at once what the kernel says to the change of user, EPERM without the capabilities and EINVAL in a user namespace, and
 * emits other errors.
 */
export async function whyNotTaken(
  { name, uid, gid }: SystemUser,
  directory: string,
): Promise<string | undefined> {
  try {
    const child = spawn('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], {
      uid,
      gid,
      cwd: '/',
      env: {},
      stdio: 'ignore',
      timeout: TRY_TIMEOUT_MS,
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0 ? undefined : `user ${name} cannot reach ${directory}, where sockets are`;
  } catch (error) {
    return `user ${name} cannot be taken: ${messageOf(error)}`;
  }
}
