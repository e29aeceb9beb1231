import { parseLabelKey } from '@docker-flow/labels';
import type { RefusedLine } from './haproxy.js';

/** Which labels a line of the generated configuration may come from, by how it begins. */
const ORIGINS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^acl url_exclude_/, ['servicePathExclude', 'pathType']],
  [/^acl url_/, ['servicePath', 'pathType']],
  [/^acl (?:domain|redirected)_/, ['serviceDomain', 'serviceDomainAlgo']],
  [/^acl redirect_/, ['redirectFromDomain']],
  [/^acl hdr_/, ['serviceHeader']],
  [/^acl user_agent_/, ['userAgent']],
  [/^acl src(?:Https)?Port_/, ['srcPort', 'srcHttpsPort']],
  [/^acl method_/, ['allowedMethods', 'deniedMethods']],
  [/^http-request add-header /, ['addReqHeader', 'addHeader']],
  [/^http-request set-header /, ['setReqHeader', 'setHeader']],
  [/^http-request del-header /, ['delReqHeader']],
  [/^http-response add-header /, ['addResHeader']],
  [/^http-response set-header /, ['setResHeader']],
  [/^http-response del-header /, ['delResHeader']],
  [
    /^http-request (?:replace-path|set-path|set-uri|replace-uri)/,
    ['reqPathSearchReplace', 'reqPathSearch', 'reqPathReplace'],
  ],
  [/^http-request redirect .*prefix/, ['redirectFromDomain', 'serviceDomain']],
  [/^http-request redirect /, ['httpsRedirectCode', 'httpsOnly']],
  [/^http-request auth /, ['users', 'usersSecret']],
  [/^user /, ['users']],
  [/^compression algo/, ['compressionAlgo']],
  [/^compression type/, ['compressionType']],
  [/^option /, ['connectionMode']],
  [/^balance /, ['balanceGroup']],
  [/^timeout server/, ['timeoutServer']],
  [/^timeout tunnel/, ['timeoutTunnel']],
  [/^timeout client/, ['timeoutClient']],
  [/^bind /, ['srcPort']],
  [/^(?:tcp|http)-request (?:deny|reject|connection|content|track)/, ['rateLimit', 'allowFrom', 'denyFrom']],
  [/^use_backend /, ['servicePath', 'serviceDomain']],
  [/^server /, ['outboundHostname', 'port', 'httpsPort']],
];

/** The shortest piece of a value that says whose line it is. */
const SHORTEST_PIECE = 3;

/**
 * The label of a service that a refused line comes from: by how the line begins and what it holds, and of numbered
 * ones the one of the line's own destination. `undefined` where none is certain.
 */
export function labelOfLine(
  { line, section = '' }: RefusedLine,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  if (line === undefined) return undefined;
  const names = Object.keys(labels);
  const extra = labels['backendExtra'];
  if (extra?.trim() === line) return 'backendExtra';
  const origin = ORIGINS.find(([start]) => start.test(line))?.[1] ?? [];
  const number = /^(?:acl|use_backend) \S*_(\d+)\b/.exec(line)?.[1] ?? /_(\d+)(?:-\S+)?$/.exec(section)?.[1];
  const own = origin.flatMap((name) => [...(number === undefined ? [] : [`${name}.${number}`]), name]);
  const there = own.filter((name) => names.includes(name));
  const holding = there.find((name) => holds(line, labels[name] ?? ''));
  if (holding !== undefined) return holding;
  if (there[0] !== undefined) return there[0];
  return names.find((name) => parseLabelKey(name).name !== 'notify' && holds(line, labels[name] ?? ''));
}

/** Whether the line holds a piece of the value: values are lists, and the line may quote them. */
function holds(line: string, value: string): boolean {
  const plain = (text: string) => text.replaceAll(/['"\\\s]/g, '');
  const whole = plain(line);
  return value
    .split(/[,:]/)
    .map(plain)
    .some((piece) => piece.length >= SHORTEST_PIECE && whole.includes(piece));
}
