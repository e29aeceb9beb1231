import { readDuration } from '@docker-flow/labels';
import type { Route, ServiceDraft, WrittenLabel } from '../conversion.js';
import type { Part } from './read-labels.js';

/** Labels of ours that say the same, and why that is not all of it. */
interface Equal {
  readonly labels: readonly (readonly [name: string, text: string])[];
  readonly reason?: string;
}

/** Text of another option of the middleware, which is then done, too. */
type Other = (option: string) => string | undefined;

/** Puts what a middleware does on a route. */
export function applyMiddleware({ options }: Part, route: Route, draft: ServiceDraft): void {
  const done = new Set<string>();
  const other: Other = (option) => {
    done.add(option);
    return options.get(option)?.text;
  };
  for (const [option, label] of options) {
    if (done.has(option)) continue;
    const { labels, reason } = equalOf(option, label, other);
    for (const [name, text] of labels) draft.setOn(route, name, text, label.name);
    if (reason !== undefined) draft.leave(label.name, reason);
  }
}

const NONE: Equal = { labels: [], reason: 'no label does this' };
const NOTHING: Equal = { labels: [] };

function one(name: string, text: string): Equal {
  return { labels: [[name, text]] };
}

/** A label where the option says `true`. */
function flag(text: string, name: string, value: string): Equal {
  return text === 'true' ? one(name, value) : NOTHING;
}

function equalOf(option: string, label: WrittenLabel, other: Other): Equal {
  const { text } = label;
  switch (option) {
    case 'chain.middlewares':
    case 'redirectscheme.port':
    case 'stripprefix.forceslash':
    case 'basicauth.realm':
    case 'ratelimit.burst':
    case 'ratelimit.period':
      return NOTHING;
    case 'redirectscheme.scheme':
      return redirectToHttps(text, other('redirectscheme.permanent'));
    case 'redirectscheme.permanent':
      return redirectToHttps(other('redirectscheme.scheme'), text);
    case 'basicauth.users':
      return passwords(text);
    case 'stripprefix.prefixes':
      return {
        labels: text.split(',').map((prefix) => [REWRITE, `^${escaped(prefix.trim())}/?,/`] as const),
      };
    case 'addprefix.prefix':
      return one(REWRITE, `^/,${escaped(text.replace(/\/$/, ''))}/`);
    case 'replacepath.path':
      return one(REWRITE, `^.*$$,${escaped(text)}`);
    case 'replacepathregex.regex':
      return one(REWRITE, `${escaped(text)},${groups(other('replacepathregex.replacement') ?? '')}`);
    case 'replacepathregex.replacement':
      return one(REWRITE, `${escaped(other('replacepathregex.regex') ?? '')},${groups(text)}`);
    case 'ipwhitelist.sourcerange':
    case 'ipallowlist.sourcerange':
      return one('allowFrom', text);
    case 'ratelimit.average':
      return one('rateLimit', `${text}/${secondsOf(other('ratelimit.period') ?? '1s')}s`);
    case 'compress':
      return text === 'false' ? NOTHING : one('compressionAlgo', 'gzip');
    case 'forwardauth.address':
      return one('authUrl', text);
    case 'forwardauth.authresponseheaders':
      return one('authResponseHeaders', text);
    case 'forwardauth.authrequestheaders':
      return one('authRequestHeaders', text);
    case 'forwardauth.trustforwardheader':
      return { labels: [], reason: 'TRUSTED_PROXIES of the proxy says whom to trust' };
    case 'retry.attempts':
      return one('retries', text);
    default:
      return option.startsWith('headers.') ? headerOf(option.slice('headers.'.length), label, other) : NONE;
  }
}

const REWRITE = 'reqPathSearchReplace';

function redirectToHttps(scheme: string | undefined, permanent: string | undefined): Equal {
  if (scheme !== 'https') return NONE;
  return {
    labels: [['httpsOnly', 'true'], ...(permanent === 'true' ? [['httpsRedirectCode', '301'] as const] : [])],
  };
}

function passwords(users: string): Equal {
  const labels = [['users', users] as const, ['usersPassEncrypted', 'true'] as const];
  const isOfApache = users.replaceAll('$$', '$').includes('$apr1$');
  return isOfApache
    ? { labels, reason: 'HAProxy cannot check hashes of apr1: make new ones, with openssl passwd -6' }
    : { labels };
}

function secondsOf(duration: string): number {
  const read = readDuration(duration);
  return read.ok ? Math.max(1, Math.round(read.value / 1_000)) : 1;
}

const HEADERS = {
  customrequestheaders: ['setReqHeader', 'delReqHeader'],
  customresponseheaders: ['setResHeader', 'delResHeader'],
} as const;

/** `customrequestheaders.X-Name=value`, where an empty value takes the header away, and the words for usual headers. */
function headerOf(option: string, { name, text }: WrittenLabel, other: Other): Equal {
  switch (option) {
    case 'stsseconds': {
      const parts = [
        `max-age=${text}`,
        ...(other('headers.stsincludesubdomains') === 'true' ? ['includeSubDomains'] : []),
        ...(other('headers.stspreload') === 'true' ? ['preload'] : []),
      ];
      return one('setResHeader', `Strict-Transport-Security "${parts.join('; ')}"`);
    }
    case 'stsincludesubdomains':
    case 'stspreload':
      return NOTHING;
    case 'framedeny':
      return flag(text, 'setResHeader', 'X-Frame-Options DENY');
    case 'contenttypenosniff':
      return flag(text, 'setResHeader', 'X-Content-Type-Options nosniff');
    case 'sslredirect':
      return flag(text, 'httpsOnly', 'true');
    default: {
      const [which = ''] = option.split('.');
      if (!Object.hasOwn(HEADERS, which)) return NONE;
      const [set, remove] = HEADERS[which as keyof typeof HEADERS];
      const header = name.split('.').at(-1) ?? '';
      if (text === '') return one(remove, header);
      return one(set, `${header} ${/[\s,"']/.test(text) ? JSON.stringify(text) : text}`);
    }
  }
}

/** Commas and colons divide rewrites. */
function escaped(text: string): string {
  return text.replaceAll(/[,:]/g, '\\$&');
}

/** `$1`, which a stack file writes as `$$1` or `$${1}`, is `\1` for HAProxy. */
function groups(text: string): string {
  return escaped(text).replaceAll(/\${1,2}\{?(\d)\}?/g, '\\$1');
}
