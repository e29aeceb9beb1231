import { readUserEntries, type Issue, type ProxyService } from '@docker-flow/labels';
import { LOCKED } from '../core/backends/authentication.js';
import type { User } from '../core/model/settings.js';

export interface ServiceUsersDeps {
  /** Content of a Swarm secret by name; `undefined` when there is none. */
  readonly readSecret: (name: string) => Promise<string | undefined>;
  /** `USERS` */
  readonly globalUsers: readonly User[];
}

export interface ServiceUsers {
  /** `undefined` when the service asks for none of its own. */
  readonly users: readonly User[] | undefined;
  /** What was asked for and is not there; never a name, which may be the rest of a password with a comma. */
  readonly issues: readonly Issue[];
}

/**
 * The users of a service. Users without a password take it, and whether
 * it is encrypted, from the secret or the global users. When users were asked for and none is left, the
 * service stays locked.
 */
export async function resolveUsers(
  { name, users, usersSecret, usersEncrypted }: ProxyService,
  { readSecret, globalUsers }: ServiceUsersDeps,
): Promise<ServiceUsers> {
  if (users.length === 0 && usersSecret === undefined) return { users: undefined, issues: [] };
  const issues: Issue[] = [];
  const text = usersSecret === undefined ? '' : await readSecret(`dfp_users_${usersSecret}`);
  const fromSecret = secretUsers(text ?? '', usersEncrypted);
  if (usersSecret !== undefined && fromSecret.length === 0) {
    const label = { service: name, label: 'usersSecret', value: usersSecret };
    issues.push({
      ...label,
      problem: text === undefined ? 'names a secret that is not there' : 'names a secret without users',
      expected: `the Swarm secret dfp_users_${usersSecret} with name:password entries`,
    });
  }
  const others = usersSecret === undefined ? globalUsers : fromSecret;
  let unknown = 0;
  const found =
    users.length === 0
      ? fromSecret
      : users.flatMap<User>((user) => {
          if (user.password !== undefined)
            return [{ name: user.name, password: user.password, encrypted: usersEncrypted }];
          const known = others.find((other) => other.name.toLowerCase() === user.name.toLowerCase());
          if (!known) unknown += 1;
          return known ? [{ ...known, name: user.name }] : [];
        });
  const locks = found.length === 0;
  if (unknown > 0) {
    const who =
      unknown === 1
        ? 'a user without password that nobody knows'
        : `${unknown} users without password that nobody knows`;
    issues.push({
      service: name,
      label: 'users',
      value: '',
      problem: `has ${who}${locks ? '; the service stays locked' : ''}`,
      expected: 'name:password entries without commas in the password',
    });
  } else if (locks && issues.length === 0) {
    issues.push({
      service: name,
      label: 'users',
      value: '',
      problem: 'names nobody; the service stays locked',
      expected: 'name:password entries',
    });
  }
  return { users: locks ? LOCKED : found, issues };
}

function secretUsers(text: string, encrypted: boolean): readonly User[] {
  return readUserEntries(text, { nameOnly: false }).users.map(({ name, password }) => ({
    name,
    password: password ?? '',
    encrypted,
  }));
}
