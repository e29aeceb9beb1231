import { readDuration } from '@docker-flow/labels';
import type { Route, ServiceDraft, WrittenLabel } from '../conversion.js';
import type { Part } from './read-labels.js';

type Write = (name: string, text: string) => void;

/** Puts what a middleware does on a route. */
export function applyMiddleware({ options }: Part, route: Route, draft: ServiceDraft): void {
  const done = new Set<string>();
  const text = (option: string) => {
    const found = options.get(option);
    if (found) done.add(option);
    return found?.text;
  };
  for (const [option, label] of options) {
    if (done.has(option)) continue;
    const write: Write = (name, value) => draft.setOn(route, name, value, label.name);
    const reason = applyOption(option, label, write, text);
    if (reason !== undefined) draft.leave(label.name, reason);
  }
}

const NONE = 'no label does this';

/** Answers why an option is left over. `other` reads another option of the middleware, which is then done, too. */
function applyOption(
  option: string,
  { name, text }: WrittenLabel,
  write: Write,
  other: (option: string) => string | undefined,
): string | undefined {
  switch (option) {
    case 'redirectscheme.scheme':
      if (text !== 'https') return NONE;
      write('httpsOnly', 'true');
      if (other('redirectscheme.permanent') === 'true') write('httpsRedirectCode', '301');
      return undefined;
    case 'redirectscheme.permanent':
      if (other('redirectscheme.scheme') !== 'https') return NONE;
      write('httpsOnly', 'true');
      if (text === 'true') write('httpsRedirectCode', '301');
      return undefined;
    case 'chain.middlewares':
    case 'redirectscheme.port':
    case 'stripprefix.forceslash':
    case 'basicauth.realm':
    case 'forwardauth.trustforwardheader':
      return option === 'forwardauth.trustforwardheader'
        ? 'TRUSTED_PROXIES of the proxy says whom to trust'
        : undefined;
    case 'basicauth.users':
      write('users', text);
      write('usersPassEncrypted', 'true');
      return text.includes('$apr1$') || text.includes('$$apr1$$')
        ? 'HAProxy cannot check hashes of apr1: make new ones, with openssl passwd -6'
        : undefined;
    case 'stripprefix.prefixes':
      for (const prefix of text.split(',')) write('reqPathSearchReplace', `^${escaped(prefix.trim())}/?,/`);
      return undefined;
    case 'addprefix.prefix':
      return void write('reqPathSearchReplace', `^/,${escaped(text.replace(/\/$/, ''))}/`);
    case 'replacepath.path':
      return void write('reqPathSearchReplace', `^.*$$,${escaped(text)}`);
    case 'replacepathregex.regex':
      return void write(
        'reqPathSearchReplace',
        `${escaped(text)},${groups(other('replacepathregex.replacement') ?? '')}`,
      );
    case 'replacepathregex.replacement':
      return void write(
        'reqPathSearchReplace',
        `${escaped(other('replacepathregex.regex') ?? '')},${groups(text)}`,
      );
    case 'ipwhitelist.sourcerange':
    case 'ipallowlist.sourcerange':
      return void write('allowFrom', text);
    case 'ratelimit.average': {
      const period = readDuration(other('ratelimit.period') ?? '1s');
      other('ratelimit.burst');
      const seconds = period.ok ? Math.max(1, Math.round(period.value / 1_000)) : 1;
      return void write('rateLimit', `${text}/${seconds}s`);
    }
    case 'compress':
      return text === 'false' ? undefined : void write('compressionAlgo', 'gzip');
    case 'forwardauth.address':
      return void write('authUrl', text);
    case 'forwardauth.authresponseheaders':
      return void write('authResponseHeaders', text);
    case 'forwardauth.authrequestheaders':
      return void write('authRequestHeaders', text);
    case 'retry.attempts':
      return void write('retries', text);
    case 'headers.stsseconds': {
      const parts = [
        `max-age=${text}`,
        ...(other('headers.stsincludesubdomains') === 'true' ? ['includeSubDomains'] : []),
        ...(other('headers.stspreload') === 'true' ? ['preload'] : []),
      ];
      return void write('setResHeader', `Strict-Transport-Security "${parts.join('; ')}"`);
    }
    case 'headers.framedeny':
      return text === 'true' ? void write('setResHeader', 'X-Frame-Options DENY') : undefined;
    case 'headers.contenttypenosniff':
      return text === 'true' ? void write('setResHeader', 'X-Content-Type-Options nosniff') : undefined;
    case 'headers.sslredirect':
      return text === 'true' ? void write('httpsOnly', 'true') : undefined;
    case 'ratelimit.burst':
    case 'ratelimit.period':
    case 'headers.stsincludesubdomains':
    case 'headers.stspreload':
      return other(option) === undefined ? NONE : undefined;
    default:
      return applyHeader(option, name, text, write);
  }
}

const HEADERS = {
  customrequestheaders: ['setReqHeader', 'delReqHeader'],
  customresponseheaders: ['setResHeader', 'delResHeader'],
} as const;

/** `headers.customrequestheaders.X-Name=value`; an empty value takes the header away. */
function applyHeader(option: string, label: string, text: string, write: Write): string | undefined {
  const [, which = ''] = /^headers\.(customrequestheaders|customresponseheaders)\./.exec(option) ?? [];
  if (which === '') return NONE;
  const [set, remove] = HEADERS[which as keyof typeof HEADERS];
  const header = label.split('.').at(-1) ?? '';
  if (text === '') write(remove, header);
  else write(set, `${header} ${/[\s,"']/.test(text) ? JSON.stringify(text) : text}`);
  return undefined;
}

/** Commas and colons divide rewrites. */
function escaped(text: string): string {
  return text.replaceAll(/[,:]/g, '\\$&');
}

/** `$1`, which a stack file writes as `$$1` or `$${1}`, is `\1` for HAProxy. */
function groups(text: string): string {
  return escaped(text).replaceAll(/\${1,2}\{?(\d)\}?/g, '\\$1');
}
