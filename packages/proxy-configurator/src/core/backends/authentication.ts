import { line, writtenFrom, type Line, type Section } from '../model/directives.js';
import type { RoutedService } from '../model/routed-service.js';
import type { User } from '../model/settings.js';

export const GLOBAL_USERLIST = 'defaultUsers';

/** Users whose password nothing can equal: a service that asked for users and has none stays locked. */
export const LOCKED: readonly User[] = [
  { name: 'locked', password: `$6$docker.flow$${'.'.repeat(86)}`, encrypted: true },
];

/** Never that of the global users, which a service called `default` would open with its own. */
export function userlistName(service: string): string {
  const name = `${service}Users`;
  return name === GLOBAL_USERLIST ? `${name}-of-service` : name;
}

/** The users of all services that name none. */
export function globalUserlist(users: readonly User[]): Section {
  const { lines, ...section } = userlist(GLOBAL_USERLIST, users);
  return { ...section, lines: writtenFrom('USERS', lines) };
}

/** Of several users with one name the first counts; HAProxy would refuse the second. */
export function userlist(name: string, users: readonly User[], owner?: string): Section {
  const seen = new Set<string>();
  const lines = users.flatMap((user) => {
    if (seen.has(user.name)) return [];
    seen.add(user.name);
    return [line('user', user.name, user.encrypted ? 'password' : 'insecure-password', user.password)];
  });
  return {
    keyword: 'userlist',
    name,
    ...(owner === undefined ? {} : { owner }),
    lines: writtenFrom('users', lines),
  };
}

/**
 * Asks for a password and takes it out of the request. Users of a service replace the global ones.
 *
 * @param condition further condition of the question
 */
export function askForPassword(
  { service, users }: RoutedService,
  globalUsers: readonly User[],
  condition: readonly string[] = [],
): readonly Line[] {
  const own = users !== undefined;
  if (!own && globalUsers.length === 0) return [];
  const list = own ? userlistName(service.name) : GLOBAL_USERLIST;
  const realm = own ? `${service.name}Realm` : 'defaultRealm';
  return [
    line('http-request', 'auth', 'realm', realm, 'if', '!{', `http_auth(${list})`, '}', ...condition),
    line('http-request', 'del-header', 'Authorization'),
  ];
}
