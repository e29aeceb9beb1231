import type { RoutedService } from '../model/routed-service.js';
import { acl, hostAcl } from '../model/acl.js';
import { line, type Line } from '../model/directives.js';

/** Where authorities look for the answers to their challenges (RFC 8555, section 8.3). */
export const CHALLENGE_PATH = '/.well-known/acme-challenge';

const PASSTHROUGH = 'acme_passthrough';
/** One level below an asterisk, as a certificate covers it: `a.acme.com` is `*.acme.com`. */
const WILDCARD_OF_HOST = 'req.hdr(host),field(1,:),lower,regsub(^[^.]*,*)';

/**
 * Answers every challenge of an authority, for any host: the answer is the token and the thumbprint of the account's
 * key, so it needs no knowledge of the order. The token is echoed from a fixed alphabet only. Names in
 * `ownChallengeNames` of a service are left to it. Without a thumbprint there is no rule.
 */
export function challengeLines(
  thumbprint: string | undefined,
  services: readonly RoutedService[],
): readonly Line[] {
  if (thumbprint === undefined) return [];
  const names = [...new Set(services.flatMap(({ service }) => service.ownChallengeNames))].sort();
  const plain = names.filter((name) => !name.startsWith('*'));
  const wildcards = names.filter((name) => name.startsWith('*'));
  return [
    ...plain.flatMap((name) => hostAcl(PASSTHROUGH, name)),
    ...acl(PASSTHROUGH, `${WILDCARD_OF_HOST} -m str`, wildcards),
    line(
      ...['http-request', 'return', 'status', '200', 'content-type', 'text/plain'],
      ...['lf-string', `%[path,field(-1,/)].${thumbprint}`],
      ...['if', '{', 'path_reg', `^${CHALLENGE_PATH.replace('.', '\\.')}/[-_A-Za-z0-9]{1,256}$`, '}'],
      ...(names.length > 0 ? [`!${PASSTHROUGH}`] : []),
    ),
  ];
}

/** Services that are routed because of a challenge's path, as old companions are: they get none any more. */
export function overtakenServices(services: readonly RoutedService[]): readonly string[] {
  return services.flatMap((routed) =>
    answersChallenges(routed) && routed.service.ownChallengeNames.length === 0 ? [routed.service.name] : [],
  );
}

/** Whether a service has a route for challenges. */
export function answersChallenges({ service }: RoutedService): boolean {
  return service.destinations.some(
    ({ mode, paths }) =>
      mode === 'http' && paths.some((path) => path.toLowerCase().startsWith(CHALLENGE_PATH)),
  );
}
