import { defineLabels } from '../label.js';
import { flag } from '../types/boolean.js';
import { method, rate } from '../types/proxy/http.js';
import { listOf } from '../types/list.js';
import { network } from '../types/network.js';
import { secretName } from '../types/text.js';
import { userEntries } from '../types/proxy/user-entries.js';
import { PROXY_TEXT } from './text-rules.js';

export const ACCESS = defineLabels(
  { title: 'Who may use the service', rules: PROXY_TEXT },
  {
    users: {
      type: userEntries,
      secret: true,
      description:
        '`name:password` pairs that may use the service; a name alone takes its password from `usersSecret` or the global users.',
      example: 'admin:secret,guest',
    },
    usersSecret: {
      type: secretName,
      description: 'Users come from the Swarm secret `dfp_users_<usersSecret>`.',
      example: 'monitoring',
    },
    usersPassEncrypted: {
      type: flag,
      default: 'false',
      description: 'The passwords of `users` and `usersSecret` are crypt(3) hashes.',
      example: 'true',
    },
    ignoreAuthorization: {
      type: flag,
      default: 'false',
      indexed: true,
      description: 'No password is asked for, and the Authorization header reaches the service.',
      example: 'true',
    },
    allowFrom: {
      type: listOf(network),
      indexed: true,
      description:
        'Only clients with these addresses or from these networks are served; others get 403, in tcp and sni mode a closed connection. Not within a `serviceGroup`.',
      example: '10.0.0.0/8,192.168.1.7',
    },
    denyFrom: {
      type: listOf(network),
      indexed: true,
      description:
        'Clients with these addresses or from these networks are not served, even if `allowFrom` names them. Not within a `serviceGroup`.',
      example: '203.0.113.0/24',
    },
    rateLimit: {
      type: rate,
      indexed: true,
      description:
        'How many requests a client address may make in a time, counted for each destination and replica of the proxy, and anew after a reload; others get 429. In tcp and sni mode connections are counted, and closed. Not within a `serviceGroup`.',
      example: '100/10s',
    },
    allowedMethods: {
      type: listOf(method),
      indexed: true,
      description: 'Methods that are let through; all others get 403.',
      example: 'GET,DELETE',
    },
    deniedMethods: {
      type: listOf(method),
      indexed: true,
      description: 'Methods that get 403.',
      example: 'PUT,POST',
    },
    denyHttp: {
      type: flag,
      default: 'false',
      indexed: true,
      description: 'Answers 403 unless the connection is TLS.',
      example: 'true',
    },
    verifyClientSsl: {
      type: flag,
      default: 'false',
      indexed: true,
      description: 'Answers 403 without a client certificate that the CA of `CA_FILE` has signed.',
      example: 'true',
    },
    corsPreflight: {
      type: flag,
      default: 'false',
      indexed: true,
      description:
        'CORS preflights (`OPTIONS` with `Origin` and `Access-Control-Request-Method`) pass without password, forward auth and lists of methods. Addresses, rates, redirects and client certificates count for them, too.',
      example: 'true',
    },
  },
);
