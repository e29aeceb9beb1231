import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import {
  acl,
  domainAcl,
  domainAlgoOf,
  hostAcl,
  pathTypeOf,
  splitDomains,
  withIgnoreCase,
} from '../model/acl.js';
import { waitingRedirect } from '../acme/https-waits.js';
import { redirectSchemeHttps } from '../backends/http-backend.js';
import { CHALLENGE_PATH } from '../acme/challenge-rule.js';
import { line, ownedBy, writtenFrom, type Line } from '../model/directives.js';
import type { DestinationNames } from '../model/names.js';
import { DECISION_PATH, pathFetch, pathPatterns } from '../paths/decision-path.js';

interface Needs {
  readonly service: ProxyService;
  readonly destination: ProxyDestination;
  readonly names: DestinationNames;
  readonly defaultAlgo: string;
  /** Path of the table of names that have a valid certificate. */
  readonly certified: string;
  /** Whether a service answers challenges of certificate authorities: redirects leave those to it. */
  readonly hasCompanion: boolean;
  /** `NORMALIZE_PATHS` */
  readonly normalize: boolean;
}

/** The acls of one http destination. Custom snippets may refer to `url_<key>` and `domain_<key>`. */
export function httpAcls({ service, destination, names, defaultAlgo, normalize }: Needs): readonly Line[] {
  const { key } = names;
  const pathType = pathTypeOf(destination);
  const pathAcl = (name: string, paths: readonly string[]) =>
    acl(name, pathFetch(pathType), pathPatterns(paths, pathType, { normalize }));
  const number = destination.index === 0 ? '' : `.${destination.index}`;
  return ownedBy(service.name, [
    ...writtenFrom(`servicePath${number}`, pathAcl(`url_${key}`, destination.paths)),
    ...writtenFrom(`servicePathExclude${number}`, pathAcl(`url_exclude_${key}`, destination.pathsExcluded)),
    ...writtenFrom(
      `serviceDomain${number}`,
      domainAcl(`domain_${key}`, destination.domains, domainAlgoOf(service, defaultAlgo)),
    ),
    ...writtenFrom(
      `serviceHeader${number}`,
      destination.headers.map(({ name, value }, index) =>
        value === ''
          ? line('acl', `hdr_${key}_${index}`, `hdr(${name})`, '-m', 'len', '0')
          : line('acl', `hdr_${key}_${index}`, `hdr(${name})`, '--', value),
      ),
    ),
    ...portAcl(`srcPort_${key}`, destination.srcPort),
    ...portAcl(`srcHttpsPort_${key}`, destination.srcHttpsPort),
    ...acl(`user_agent_${key}`, 'hdr_sub(User-Agent) -i', destination.userAgents),
  ]);
}

function portAcl(name: string, port: number | undefined): readonly Line[] {
  return port === undefined ? [] : [line('acl', name, 'dst_port', String(port))];
}

/** Redirects of one http destination; they run before any route of any service is chosen. */
export function httpRedirects({
  service,
  destination,
  names,
  defaultAlgo,
  certified,
  hasCompanion,
}: Needs): readonly Line[] {
  const unlessChallenge = hasCompanion
    ? ['!{', `var(${DECISION_PATH})`, '-m', 'beg', `${CHALLENGE_PATH}/`, '}']
    : [];
  const number = destination.index === 0 ? '' : `.${destination.index}`;
  return ownedBy(service.name, [
    ...writtenFrom(
      `redirectFromDomain${number}`,
      redirectFromDomains(service, destination, { names, defaultAlgo, unlessChallenge }),
    ),
    ...redirectForForwardedProto(service, destination, { names, certified, unlessChallenge }),
  ]);
}

interface RedirectNeeds {
  readonly names: DestinationNames;
  /** Further words of a condition. */
  readonly unlessChallenge: readonly string[];
}

/** Other domains go to the first one that is no wildcard; without one there is nowhere to go. */
function redirectFromDomains(
  service: ProxyService,
  { redirectFromDomains: from, domains }: ProxyDestination,
  { names: { key }, defaultAlgo, unlessChallenge }: RedirectNeeds & Pick<Needs, 'defaultAlgo'>,
): readonly Line[] {
  const algo = domainAlgoOf(service, defaultAlgo);
  const target = /_reg|-m +reg/.test(algo) ? undefined : splitDomains(domains).plain[0];
  if (target === undefined || from.length === 0) return [];
  const { plain, suffixes } = splitDomains(from);
  const name = `redirect_${key}`;
  const arrived = `redirected_${key}`;
  // From `acme.com` to `acme.com.au`: who has arrived fits the old domain still, and must not be sent on for ever.
  const host = target.toLowerCase();
  const mayArrive =
    plain.some((one) => host.startsWith(one.toLowerCase())) ||
    suffixes.some((one) => host.endsWith(one.toLowerCase()));
  return [
    ...acl(name, withIgnoreCase('hdr_beg(host)'), plain),
    ...acl(name, 'req.hdr(host) -i -m end', suffixes),
    ...(mayArrive ? hostAcl(arrived, target) : []),
    // Who came over TLS stays on TLS.
    ...[
      ['https', '{', 'ssl_fc', '}'],
      ['http', '!{', 'ssl_fc', '}'],
    ].map(([scheme = '', ...condition]) =>
      line(
        ...['http-request', 'redirect', 'code', '301', 'prefix', `${scheme}://${target}`, 'if', name],
        ...(mayArrive ? [`!${arrived}`] : []),
        ...condition,
        ...unlessChallenge,
      ),
    ),
  ];
}

/**
 * For proxies behind a balancer that ends TLS. A connection that is TLS here is never redirected: our own
 * `X-Forwarded-Proto` is not there yet, so it would go round for ever.
 */
function redirectForForwardedProto(
  service: ProxyService,
  destination: ProxyDestination,
  { names: { key }, certified, unlessChallenge }: RedirectNeeds & Pick<Needs, 'certified'>,
): readonly Line[] {
  const conditions = [
    ...['!{', 'ssl_fc', '}', `url_${key}`],
    ...(destination.domains.length > 0 ? [`domain_${key}`] : []),
    ...(destination.srcPort === undefined ? [] : [`srcPort_${key}`]),
    ...unlessChallenge,
  ];
  const redirect = (protoKey: string, ...proto: readonly string[]) =>
    waitingRedirect({
      names: service.certificateNames,
      certified,
      key: `${protoKey}_${key}`,
      rule: ['http-request', ...redirectSchemeHttps(destination)],
      condition: [...proto, ...conditions],
    });
  return [
    ...(service.redirectWhenHttpProto ? redirect('http', '{', 'hdr(X-Forwarded-Proto)', 'http', '}') : []),
    ...(service.redirectUnlessHttpsProto
      ? redirect('https', '!{', 'hdr(X-Forwarded-Proto)', 'https', '}')
      : []),
  ];
}
