import { ENVIRONMENT } from '@docker-flow/certificates/config/environment';
import type { RequestSettings } from '@docker-flow/certificates/core/wishes/service-request';
import { readEnvironment } from '@docker-flow/daemon/config/environment';
import type { Variables } from './variables.js';

/** What the certificates program makes of its variables. Accounts of acme-dns are a secret: any name may have one. */
export function certificateSettings(variables: Variables): RequestSettings {
  const own = readEnvironment(ENVIRONMENT, variables);
  return {
    acmeByDefault: own.ACME_DEFAULT,
    allow: own.ACME_ALLOW,
    challenge: own.CHALLENGE,
    keyType: own.KEY_TYPE,
    profile: own.PROFILE,
    dns: own.DNS_PROVIDER === '' ? 'nothing' : 'everything',
    isStaging: true,
  };
}

/** How labels are read where no certificates program is known: what it could order is not guessed. */
export const UNKNOWN_CERTIFICATES: RequestSettings = {
  acmeByDefault: false,
  allow: [],
  challenge: 'http-01',
  keyType: 'ecdsa-p256',
  profile: undefined,
  dns: 'everything',
  isStaging: true,
};
