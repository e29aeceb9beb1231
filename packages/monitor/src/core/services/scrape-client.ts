import type { Issue, ScrapeLabels } from '@docker-flow/labels';
import type { YamlMapping } from '../text/yaml.js';

/**
 * Contents of the secrets that labels may name, by file name (`dfm_users_shop`); `undefined`: nobody knows which there
 * are. Only those with their own prefix: a label must not name the secrets of the monitor itself.
 */
export type ScrapeSecrets = ReadonlyMap<string, string> | undefined;

const SECRETS = '/run/secrets';
const PREFIX = { users: 'dfm_users_', bearer: 'dfm_bearer_', ca: 'dfm_ca_' } as const;

/** What a service asks for when it is scraped: https, a password, a certificate. What cannot be had is told. */
export function scrapeClientOf(
  service: string,
  labels: ScrapeLabels,
  secrets: ScrapeSecrets,
): { readonly client: YamlMapping; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const tell = (label: string, value: string, problem: string, expected: string) =>
    void issues.push({ service, label, value, problem, expected, kind: 'no-effect' });

  function secretOf(label: string, kind: keyof typeof PREFIX, name: string | undefined): string | undefined {
    if (name === undefined) return undefined;
    const file = `${PREFIX[kind]}${name}`;
    if (secrets === undefined || secrets.has(file)) return file;
    tell(label, name, 'is not a secret that the monitor has, and is left out', `the Swarm secret ${file}`);
    return undefined;
  }

  function basicAuth(): YamlMapping | undefined {
    const file = secretOf('scrapeUsersSecret', 'users', labels.usersSecret);
    const content = file === undefined ? undefined : (secrets?.get(file) ?? '').trim();
    if (content === undefined || content === '') return undefined;
    const [, username, password] = /^([^:\r\n]+):([^\r\n]*)/.exec(content) ?? [];
    if (username !== undefined && password !== undefined) return { username, password };
    tell(
      'scrapeUsersSecret',
      labels.usersSecret ?? '',
      'holds no user, and is left out',
      'name:password in the secret',
    );
    return undefined;
  }

  const basic_auth = basicAuth();
  const bearer = secretOf('scrapeBearerSecret', 'bearer', labels.bearerSecret);
  if (basic_auth && bearer !== undefined)
    tell(
      'scrapeUsersSecret',
      labels.usersSecret ?? '',
      'has no effect beside scrapeBearerSecret',
      'one of them',
    );
  const ca = secretOf('scrapeCaSecret', 'ca', labels.caSecret);
  const tls: YamlMapping = {
    ...(ca === undefined ? {} : { ca_file: `${SECRETS}/${ca}` }),
    ...(labels.serverName === undefined ? {} : { server_name: labels.serverName }),
    ...(labels.skipVerify ? { insecure_skip_verify: true } : {}),
  };
  const isTls = labels.scheme === 'https';
  if (!isTls)
    for (const [label, value] of [
      ['scrapeCaSecret', labels.caSecret],
      ['scrapeServerName', labels.serverName],
      ['scrapeSkipVerify', labels.skipVerify ? 'true' : undefined],
    ] as const)
      if (value !== undefined)
        tell(label, value, 'has no effect without scrapeScheme=https', 'scrapeScheme=https');
  return {
    client: {
      ...(isTls ? { scheme: 'https' } : {}),
      ...(bearer !== undefined
        ? { authorization: { credentials_file: `${SECRETS}/${bearer}` } }
        : basic_auth && { basic_auth }),
      ...(isTls && Object.keys(tls).length > 0 ? { tls_config: tls } : {}),
    },
    issues,
  };
}
