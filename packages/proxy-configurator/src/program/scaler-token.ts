import { rm } from 'node:fs/promises';
import { writeFileAtomic } from '@docker-flow/daemon/files/atomic-file';

/** Leaves the scaler's token where HAProxy finds it, and no worker of it; without one no old token stays. */
export async function placeScalerToken(file: string, token: string | undefined): Promise<void> {
  if (token === undefined) await rm(file, { force: true });
  else await writeFileAtomic(file, `${token}\n`, { mode: 0o600 });
}
