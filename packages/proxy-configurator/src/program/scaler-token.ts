import { readFile, rm } from 'node:fs/promises';
import { messageOf } from '@docker-flow/daemon/errors';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';
import type { Logger } from '@docker-flow/daemon/log/logger';

/**
 * Leaves the scaler's token where HAProxy finds it, and no worker of it; without one no old token stays. A disk that
 * does not take it costs the scaler's answers, not the proxy.
 */
export async function placeScalerToken(
  file: string,
  token: string | undefined,
  logger: Pick<Logger, 'error'>,
): Promise<void> {
  if (token === undefined) {
    await rm(file, { force: true });
    return;
  }
  const text = `${token}\n`;
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return;
  await writeFileAtomic(file, text, { mode: 0o600 }).catch((error: unknown) => {
    logger.error('The token of the scaler cannot be written', { file, reason: messageOf(error) });
  });
}
