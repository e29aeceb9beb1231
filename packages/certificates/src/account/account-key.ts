import type { Logger } from '@docker-flow/daemon/log/logger';
import type { StateDirectory } from '../store/state-directory.js';
import { keyProblem } from './account.js';

const FILE = 'account.pem';

/** The key of the account: the secret, else the one on the volume, else a new one that is kept there. */
export async function findAccountKey(
  secret: string | undefined,
  state: StateDirectory,
  createKey: () => Promise<string>,
  logger: Logger,
): Promise<string> {
  if (secret !== undefined) return secret;
  const kept = await state.read(FILE);
  const problem = kept === undefined ? undefined : keyProblem(kept);
  if (kept !== undefined && problem === undefined) return kept;
  if (problem !== undefined) await state.setAside(FILE, problem);
  const made = await createKey();
  await state.write(FILE, made);
  logger.warn(
    'A new account key was made; without the secret account_key each loss of the volume is a new account',
  );
  return made;
}
