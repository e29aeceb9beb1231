import type { ForwardAuth, ProxyDestination } from '@docker-flow/labels';
import { butNotPreflight } from './preflight.js';
import { acl } from '../model/acl.js';
import { line, type Line } from '../model/directives.js';
import type { Settings } from '../model/settings.js';
import { DECISION_PATH, pathPatterns } from '../paths/decision-path.js';
import { asksAuthServer, authServerOf } from './auth-servers.js';

/** Set by the script, and by nobody else, for a request that the auth server lets pass. */
const MARK = 'txn.df_authorized';
/** Set by the script where its answer is too long for one buffer. */
const ANSWER = 'txn.df_auth_answer';
const EXCEPTED = 'auth_excepted';
const ODD = 'auth_path_odd';

/** Takes headers that only the auth server may set from a request, in every letter case, with `_` for `-`, too. */
export function identityLines({ auth }: ProxyDestination): readonly Line[] {
  return (auth?.responseHeaders ?? []).map((name) =>
    line('http-request', 'del-header', identityPattern(name), '-m', 'reg'),
  );
}

/** HAProxy compares with the name in small letters. */
function identityPattern(name: string): string {
  const isPrefix = name.endsWith('*');
  const signs = (isPrefix ? name.slice(0, -1) : name)
    .toLowerCase()
    .replace(/[.!&+^~*]/g, (sign) => `\\${sign}`)
    .replace(/[-_]/g, '[-_]');
  return `^${signs}${isPrefix ? '' : '$'}`;
}

/**
 * Asks the auth server. HAProxy goes on after an error in a script, so the second rule lets pass only what the script
 * has marked.
 */
export function forwardAuthLines(destination: ProxyDestination, settings: Settings): readonly Line[] {
  const { auth } = destination;
  if (!auth || !asksAuthServer(destination)) return [];
  const normalize = settings.normalizePaths;
  const others = butNotPreflight(destination);
  const conditions =
    auth.except.length === 0
      ? [others]
      : [[`!${EXCEPTED}`, ...others], ...(normalize ? [] : [[ODD, ...others]])];
  const either = (more: readonly string[] = []) =>
    conditions.flatMap((one, i) => [...(i > 0 ? ['||'] : []), ...more, ...one]);
  const asked = either().length > 0 ? ['if', ...either()] : [];
  return [
    ...exceptAcls(auth, normalize),
    line('http-request', `unset-var(${MARK})`),
    line('http-request', `unset-var(${ANSWER})`),
    line('http-request', 'lua.df_forward_auth', ...scriptArguments(auth, settings), ...asked),
    line(
      'http-request',
      'use-service',
      'lua.df_auth_answer',
      'if',
      '{',
      `var(${ANSWER})`,
      '-m',
      'found',
      '}',
    ),
    line(
      ...['http-request', 'deny', 'deny_status', '503', 'if'],
      ...either(['!{', `var(${MARK})`, '-m', 'bool', '}']),
    ),
    line('http-response', 'lua.df_auth_cookies', 'if', '{', `var(${MARK})`, '-m', 'bool', '}'),
  ];
}

/** In the order of `ask` in the script; `-` stands for nothing. */
function scriptArguments(auth: ForwardAuth, { paths, trustedProxies }: Settings): readonly string[] {
  const { backend } = authServerOf(auth);
  const [, authority = '', target = ''] = /^https?:\/\/([^/?]*)(.*)$/.exec(auth.url) ?? [];
  return [
    paths.authSocket,
    backend,
    authority,
    target.startsWith('/') ? target : `/${target}`,
    String(auth.timeoutSeconds),
    auth.requestHeaders === undefined ? '*' : auth.requestHeaders.join(','),
    auth.responseHeaders.length > 0 ? auth.responseHeaders.join(',') : '-',
    auth.signin ?? '-',
    trustedProxies ? 'trusts' : '-',
  ];
}

/** Whole segments of the path for decisions; a slash at the end changes nothing. */
function exceptAcls({ except }: ForwardAuth, normalize: boolean): readonly Line[] {
  const patterns = pathPatterns(except, 'path', { normalize });
  const paths = [...new Set(patterns.map((path) => path.replace(/\/+$/, '')))];
  const path = `var(${DECISION_PATH})`;
  return [
    ...acl(EXCEPTED, `${path} -m str`, paths.filter(Boolean)),
    ...acl(
      EXCEPTED,
      `${path} -m beg`,
      paths.map((one) => `${one}/`),
    ),
    // Where paths are compared as text, one that may mean another path to the service is no exception.
    ...(normalize ? [] : acl(ODD, `${path} -m sub`, ['..', '%', ';', '\\', '//'])),
  ];
}
