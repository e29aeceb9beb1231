import { defineLabels } from '../label.js';
import { identityHeaderNames, requestHeaderNames } from '../types/proxy/header-names.js';
import { listOf } from '../types/list.js';
import { seconds } from '../types/number.js';
import { rootedPath } from '../types/text.js';
import { serverUrl, signinUrl } from '../types/url.js';
import { PROXY_TEXT } from './text-rules.js';

export const SIGN_ON = defineLabels(
  { title: 'Sign-on in front of the service', rules: PROXY_TEXT },
  {
    authUrl: {
      type: serverUrl,
      indexed: true,
      description:
        'Server that is asked about every request; 2xx lets it pass, 3xx and 4xx are what the client gets, anything else is 503. Takes the place of `users`, `usersSecret` and `USERS`. http only, and not with `templateBePath`.',
      example: 'http://authelia:9091/api/authz/forward-auth',
    },
    authSignin: {
      type: signinUrl,
      indexed: true,
      description:
        'Browsers that get 401 of `authUrl` are redirected there; `{url}` is the address they asked for, percent-encoded.',
      example: 'https://auth.acme.com/oauth2/start?rd={url}',
    },
    authRequestHeaders: {
      type: requestHeaderNames,
      default: '*',
      indexed: true,
      description:
        'Request headers that the auth server sees. `Host`, `Content-*`, `Expect` and what belongs to the connection it never sees; `X-Forwarded-*` are set by the proxy.',
      example: 'Cookie,Authorization',
    },
    authResponseHeaders: {
      type: identityHeaderNames,
      indexed: true,
      description:
        'Headers of a 2xx answer of the auth server that are copied to the request. They are never accepted from clients, in no writing, also on paths of `authExcept`.',
      example: 'Remote-User,X-Authentik-*',
    },
    authExcept: {
      type: listOf(rootedPath, 'list of paths'),
      indexed: true,
      description:
        'Paths that pass without asking, with all below them. Whole segments, in this letter case.',
      example: '/api/health,/public',
    },
    authTimeout: {
      type: seconds({ min: 1, max: 60 }),
      default: '2',
      indexed: true,
      description: 'How long the auth server may take; then the client gets 503.',
      example: '5',
    },
  },
);
