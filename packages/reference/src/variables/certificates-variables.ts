import type { ENVIRONMENT } from '@docker-flow/certificates';
import { COMMON_VARIABLES } from './common-variables.js';

/** One sentence for each variable of the certificates program. */
export const CERTIFICATES_VARIABLES: Readonly<Record<keyof typeof ENVIRONMENT, string>> = {
  DF_LISTEN_ADDRESS: COMMON_VARIABLES.DF_LISTEN_ADDRESS,
  LOG_LEVEL: COMMON_VARIABLES.LOG_LEVEL,
  LISTENER_ADDRESS:
    'Listeners that are asked for all services at start and now and then: names, `host:port` or whole addresses, with commas between them.',
  DF_RESYNC_INTERVAL: 'How often the listeners are asked again.',
  PROXY_ADDRESS: 'API of the proxy. Every address of `tasks.<PROXY_SERVICE_NAME>` is asked by itself.',
  PROXY_SERVICE_NAME: "Name of the proxy's Swarm service; unset: the host of `PROXY_ADDRESS`.",
  PROXY_API_TOKEN: 'The `API_TOKEN` of the proxy.',
  API_TOKEN: 'Callers of the API must show it, as a bearer token or as the password of basic credentials.',
  DIRECTORY_URL: 'Directory of the authority. Wins over `STAGING`.',
  STAGING: "Uses Let's Encrypt's directory for trials, whose certificates nobody trusts.",
  CA_FILE: 'PEM of who signs the TLS certificate of the directory, beside the authorities that are built in.',
  EMAIL: 'Contact of the account.',
  AGREE_TOS: 'You agree to the terms of the authority. Nothing is sent without to one that has any.',
  EAB_KID: 'Identifier of an account that you have at the authority by other means.',
  EAB_HMAC_KEY: 'Its key, base64.',
  ACCOUNT_KEY: 'Key of the account, PEM, EC or RSA; unset: made once and kept on the volume.',
  KEY_TYPE: 'Kind of the keys of certificates.',
  PROFILE: 'Profile of the authority for services that name none.',
  ACME_DEFAULT: 'Whether services that say nothing ask for a certificate. Give the proxy the same value.',
  ACME_ALLOW:
    'Names that may be ordered, with commas between them: `acme.com`, `*.acme.com` for all below; unset: all.',
  CHALLENGE: 'How names are proven for services that do not say: `http-01` or `dns-01`.',
  DNS_PROVIDER: 'How records are written for DNS-01: `rfc2136` or `acme-dns`.',
  DNS_WAIT: 'How long to wait after a record was written, before the servers of the zone are asked for it.',
  RFC2136_SERVER: 'Name server that takes updates: host or `host:port`.',
  RFC2136_ZONE: 'Zone that is updated; unset: found by asking the server.',
  RFC2136_TSIG_NAME: 'Name of the key that updates are signed with.',
  RFC2136_TSIG_ALGORITHM:
    'Its algorithm: `hmac-sha256`, `hmac-sha1`, `hmac-sha224`, `hmac-sha384` or `hmac-sha512`.',
  RFC2136_TSIG_SECRET: 'Its secret, base64.',
  ACME_DNS_URL: 'Address of the acme-dns server.',
  ACME_DNS_ACCOUNTS: 'Its accounts as JSON: domain → `{username, password, subdomain, fulldomain}`.',
  RENEW_AT:
    'Share of its lifetime after which a certificate is renewed, where the authority does not say when.',
  RENEW_CHECK_INTERVAL: 'How often the authority is asked when to renew.',
  RETRY_MIN: 'Pause after the first failure of a set of names; doubled after each further one.',
  RETRY_MAX: 'Its limit.',
  CA_RETRY_MIN: 'Pause of all orders after trouble of the authority; doubled up to an hour.',
  SETTLE: 'How long the names of a service must not have changed before they are ordered.',
  MAX_ORDERS: 'Orders under way at the same time.',
  LIMIT_ORDERS:
    "Orders within a time, `number/duration`, `0` for none. The defaults of these four hold for Let's Encrypt; other authorities have none.",
  LIMIT_SAME_SET: 'Orders for the same names, renewals not counted.',
  LIMIT_DOMAIN: 'New sets of names for each registered domain.',
  LIMIT_FAILURES: 'Failures of each name.',
  PROXY_LOOK_INTERVAL: 'How often every replica of the proxy is looked at.',
  INSTANCE_LEASE: 'How long the proxies keep a second program away after the last look.',
  STATE_DIR: 'Where keys and certificates are kept: a volume.',
};
