import type { ProxyService } from '@docker-flow/labels';
import type { User } from '../core/model/settings.js';
import { describeService } from '../services/template-data.js';

/** What answers show instead of a secret. */
export const MASK = '***';

/** A service in the words of the original's API, without passwords and private keys. */
export function serviceAnswer(
  service: ProxyService,
  users: readonly User[] | undefined,
): Readonly<Record<string, unknown>> {
  const shown = users ?? service.users.map(({ name }) => ({ name, encrypted: service.usersEncrypted }));
  return describeService(service, {
    certificate: service.certificate === undefined ? '' : MASK,
    users:
      shown.length === 0
        ? undefined
        : shown.map(({ name, encrypted }) => ({ Username: name, Password: MASK, PassEncrypted: encrypted })),
  });
}

/** A service nobody has described: what answers that speak of none contain. */
export function emptyService(name = ''): ProxyService {
  const none = { add: [], set: [], del: [] };
  return {
    name,
    aclName: '',
    distribute: false,
    replicas: undefined,
    proxyInstanceName: undefined,
    isDefaultBackend: false,
    domainAlgo: undefined,
    requestHeaders: none,
    responseHeaders: none,
    backendExtra: undefined,
    connectionMode: undefined,
    compressionAlgo: [],
    compressionTypes: [],
    checkResolvers: undefined,
    discovery: 'overlay',
    sessionType: undefined,
    cookieSameSite: undefined,
    cookieSecure: undefined,
    canary: undefined,
    waking: undefined,
    certificate: undefined,
    users: [],
    usersSecret: undefined,
    usersEncrypted: false,
    redirectWhenHttpProto: false,
    redirectUnlessHttpsProto: false,
    templateFePath: undefined,
    templateBePath: undefined,
    pathSearch: undefined,
    pathReplace: undefined,
    certificateNames: [],
    ownChallengeNames: [],
    destinations: [],
  };
}
