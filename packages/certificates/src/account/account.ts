import { createHash, createPublicKey } from 'node:crypto';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { z } from 'zod/v3';
import { AccountsFile } from '../store/saved-record.js';
import type { StateDirectory } from '../store/state-directory.js';
import type { Authority, AuthorityAccount } from '../ports.js';

/** The account cannot be opened for a reason of ours: nothing can be ordered. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
}

/** Our account at the authority. It is opened before the first order, not at start. */
export interface Account {
  readonly thumbprint: string;
  /** Its address, if it has been opened. */
  url(): string | undefined;
  /**
   * @throws {AccountError} when we do not meet the conditions of the authority
   * @throws {AuthorityError} when the authority refuses or does not answer
   */
  use(): Promise<AuthorityAccount>;
  /** The authority knows no such account: the next use opens one. False when that happened within the last hour. */
  forget(): Promise<boolean>;
}

export interface AccountOptions {
  readonly keyPem: string;
  readonly authority: Authority;
  readonly directoryUrl: string;
  readonly agreesToTerms: boolean;
  readonly hasBinding: boolean;
  /** Contact, if somebody has named one. */
  readonly email: () => string | undefined;
  readonly state: StateDirectory;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

const FILE = 'account.json';
const FORGET_EVERY_MS = 3_600_000;

export async function createAccount(options: AccountOptions): Promise<Account> {
  const { keyPem, authority, directoryUrl, state, nowMs, logger } = options;
  const thumbprint = thumbprintOf(keyPem);
  let known: z.infer<typeof AccountsFile> = (await state.readJson(FILE, AccountsFile)) ?? {};
  let opening: Promise<string> | undefined;

  function url(): string | undefined {
    const found = known[directoryUrl];
    return found?.thumbprint === thumbprint && found.url !== '' ? found.url : undefined;
  }

  async function remember(entry: z.infer<typeof AccountsFile>[string]): Promise<void> {
    known = { ...known, [directoryUrl]: entry };
    await state.write(FILE, JSON.stringify(known));
  }

  async function open(): Promise<string> {
    const { terms, needsBinding } = await authority.directory();
    if (terms !== undefined && !options.agreesToTerms)
      throw new AccountError(`AGREE_TOS is not true: the authority has terms (${terms})`);
    if (needsBinding && !options.hasBinding)
      throw new AccountError('the authority wants an external account: EAB_KID and EAB_HMAC_KEY');
    const opened = await authority.openAccount(keyPem, { email: options.email() });
    const lostAtMs = known[directoryUrl]?.lostAtMs;
    await remember({ url: opened, thumbprint, ...(lostAtMs === undefined ? {} : { lostAtMs }) });
    logger.info('Account is open', { directory: directoryUrl });
    return opened;
  }

  return {
    thumbprint,
    url,
    async use() {
      let address = url();
      if (address === undefined) {
        // Orders that begin at the same time share it.
        opening ??= open().finally(() => (opening = undefined));
        address = await opening;
      }
      return authority.as({ keyPem, url: address });
    },
    async forget() {
      const lostAtMs = known[directoryUrl]?.lostAtMs;
      if (lostAtMs !== undefined && nowMs() - lostAtMs < FORGET_EVERY_MS) return false;
      logger.warn('The authority does not know the account, another one is opened', {
        directory: directoryUrl,
      });
      await remember({ url: '', thumbprint, lostAtMs: nowMs() });
      return true;
    },
  };
}

/** SHA-256 of the public key in its canonical form (RFC 7638). @throws {Error} when it is no EC or RSA key */
export function thumbprintOf(keyPem: string): string {
  const jwk = createPublicKey(keyPem).export({ format: 'jwk' });
  const members = jwk.kty === 'RSA' ? (['e', 'kty', 'n'] as const) : (['crv', 'kty', 'x', 'y'] as const);
  const text = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(text).digest('base64url');
}

/** Why a text is no key for an account; `undefined` when it is one. */
export function keyProblem(keyPem: string): string | undefined {
  try {
    const type = createPublicKey(keyPem).asymmetricKeyType;
    return type === 'ec' || type === 'rsa' ? undefined : 'is no EC or RSA key';
  } catch (error) {
    return `cannot be read (${messageOf(error)})`;
  }
}
