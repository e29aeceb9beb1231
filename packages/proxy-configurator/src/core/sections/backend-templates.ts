import { parseProxyLabels } from '@docker-flow/labels';
import { httpBackend } from '../backends/http-backend.js';
import type { ServerContext } from '../backends/servers.js';
import { isSnippet, line, raw, type BackendSnippet, type Line, type Section } from '../model/directives.js';

/** The name of the defaults that all others begin with. */
export const BASE_DEFAULTS = 'df-base';

/** What a backend shares with others is not what names its service: the second of a kind makes a template of it. */
const SHARED_BY = 2;

/** What may stand in `defaults`: no acl, no table, nothing that belongs to one backend alone. */
const SHARED_WORDS = [
  /^(?:mode http|retry-on|retries|timeout|compression|http-check|balance) ?/,
  /^option (?:httpchk|httpclose|redispatch|http-server-close|http-keep-alive)\b/,
  /^http-(?:request|response) (?:(?:add|set|del)-header|redirect|deny|replace-path|set-path)\b/,
];

/**
 * Named defaults with what backends have besides their servers: from them HAProxy makes further backends of that kind
 * while it runs.
 *
 * @param ordinary backends of kinds that are to be expected, whether there are any or not
 * @param nameOf a short name for a text
 */
export function backendTemplates(
  backends: readonly (Section | BackendSnippet)[],
  ordinary: readonly Section[],
  nameOf: (text: string) => string,
): readonly Section[] {
  const kinds = new Map<string, { readonly lines: readonly Line[]; count: number }>();
  const see = (section: Section, times: number) => {
    const lines = section.lines.filter(({ kind }) => kind !== 'server').map(withoutOwner);
    const kind = JSON.stringify(lines);
    const known = kinds.get(kind);
    if (known) known.count += times;
    else kinds.set(kind, { lines, count: times });
  };
  for (const section of ordinary) see(section, SHARED_BY);
  for (const part of backends) if (!isSnippet(part)) see(part, 1);
  return [...kinds]
    .filter(([, { lines, count }]) => count >= SHARED_BY && lines.every(canBeShared))
    .map(([kind, { lines }]) => ({
      keyword: 'defaults' as const,
      name: `df-${nameOf(kind)}`,
      from: BASE_DEFAULTS,
      lines,
    }));
}

/** What most services have: a path or a domain, and perhaps a redirect to https. */
export function ordinaryBackends(context: ServerContext): readonly Section[] {
  const { labels, accessLog } = context.settings;
  // Each backend then names its service.
  if (accessLog) return [];
  return ['false', 'true'].flatMap((httpsOnly) => {
    const parameters = { serviceName: 'any', servicePath: '/', port: '80', httpsOnly };
    const { service } = parseProxyLabels(parameters, labels);
    const routed = { service, users: undefined, frontendSnippet: undefined, backendSnippet: undefined };
    return service.destinations.map((destination) =>
      httpBackend(
        { routed, destination, name: 'any', port: 80, forHttpsPort: false, probeBackend: undefined },
        context,
      ),
    );
  });
}

function canBeShared(one: Line): boolean {
  if (one.kind === 'server') return false;
  const text = one.kind === 'raw' ? one.text : one.words.join(' ');
  return (
    SHARED_WORDS.some((allowed) => allowed.test(text)) &&
    // A condition in a label may name an acl of its backend.
    (one.kind !== 'raw' || !/\b(?:if|unless)\b/.test(text))
  );
}

/** A complaint about a line is found in the backend that has it. */
function withoutOwner(one: Line): Line {
  if (one.kind === 'server') return one;
  return one.kind === 'raw' ? raw(one.text) : line(...one.words);
}
