import type { Logger } from '@docker-flow/daemon/log/logger';
import { readUserEntries, type ProxyService } from '@docker-flow/labels';
import { LOCKED } from '../core/backends/authentication.js';
import type { User } from '../core/model/settings.js';

export interface ServiceUsersDeps {
  /** Content of a Swarm secret by name; `undefined` when there is none. */
  readonly readSecret: (name: string) => Promise<string | undefined>;
  /** `USERS` */
  readonly globalUsers: readonly User[];
  readonly logger: Logger;
}

/**
 * The users of a service; `undefined` when it asks for none. Users without a password take it, and whether
 * it is encrypted, from the secret or the global users. When users were asked for and none is left, the
 * service stays locked.
 */
export async function resolveUsers(
  { name, users, usersSecret, usersEncrypted }: ProxyService,
  { readSecret, globalUsers, logger }: ServiceUsersDeps,
): Promise<readonly User[] | undefined> {
  if (users.length === 0 && usersSecret === undefined) return undefined;
  const fromSecret =
    usersSecret === undefined ? [] : await secretUsers(usersSecret, usersEncrypted, readSecret);
  const others = usersSecret === undefined ? globalUsers : fromSecret;
  const found =
    users.length === 0
      ? fromSecret
      : users.flatMap<User>((user) => {
          if (user.password !== undefined)
            return [{ name: user.name, password: user.password, encrypted: usersEncrypted }];
          const known = others.find((other) => other.name.toLowerCase() === user.name.toLowerCase());
          if (!known) logger.warn('User has no password and is left out', { service: name, user: user.name });
          return known ? [{ ...known, name: user.name }] : [];
        });
  if (found.length > 0) return found;
  logger.warn('None of the users is known, the service stays locked', { service: name, usersSecret });
  return LOCKED;
}

async function secretUsers(
  secret: string,
  encrypted: boolean,
  readSecret: ServiceUsersDeps['readSecret'],
): Promise<readonly User[]> {
  const text = (await readSecret(`dfp_users_${secret}`)) ?? '';
  return readUserEntries(text, { nameOnly: false }).users.map(({ name, password }) => ({
    name,
    password: password ?? '',
    encrypted,
  }));
}
