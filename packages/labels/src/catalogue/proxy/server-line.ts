import { defineLabels } from '../label.js';
import { flag } from '../types/boolean.js';
import { choice } from '../types/choice.js';
import { serverName } from '../types/network.js';
import { wholeNumber } from '../types/number.js';
import { secretName } from '../types/text.js';
import { PROXY_TEXT } from './text-rules.js';

export const SERVER_LINE = defineLabels(
  { title: 'How the proxy speaks to the service', rules: PROXY_TEXT },
  {
    serverName: {
      type: serverName,
      indexed: true,
      description:
        'TLS server name towards the service (`sslVerifyNone` or `serverCa`), which with `serverCa` its certificate must bear. Without it: in http mode the Host header that is sent, in tcp and sni mode `outboundHostname`.',
      example: 'api.acme.com',
    },
    serverCa: {
      type: secretName,
      indexed: true,
      description:
        'Speaks TLS to the service and demands a certificate that the authority in this Swarm secret has signed; `system`: one of the authorities of the system. Wins over `sslVerifyNone`.',
      example: 'backend-ca',
    },
    serverProto: {
      type: choice({ name: 'HTTP version', problem: 'is not an HTTP version', choices: ['h1', 'h2'] }),
      default: 'h1',
      indexed: true,
      description:
        'HTTP version towards the service; `h2` without TLS is h2c, as gRPC speaks it. WebSockets need `h1`.',
      example: 'h2',
    },
    sendProxy: {
      type: choice({
        name: 'PROXY protocol version',
        problem: 'is not a version of the PROXY protocol',
        choices: ['v1', 'v2'],
      }),
      indexed: true,
      description: 'Tells the service who the client is by the PROXY protocol, in all modes.',
      example: 'v2',
    },
    acceptProxy: {
      type: flag,
      default: 'false',
      indexed: true,
      description:
        'The entry port (tcp and sni) reads headers of the PROXY protocol: of `TRUSTED_PROXIES`, or of everybody where that is not set. The first destination of a port decides.',
      example: 'true',
    },
    maxConn: {
      type: wholeNumber({ min: 1, max: 1_000_000 }),
      indexed: true,
      description:
        'Requests (tcp and sni: connections) at one server at a time; others wait for up to `TIMEOUT_QUEUE`.',
      example: '50',
    },
    cookieSameSite: {
      type: choice({
        name: 'SameSite attribute',
        problem: 'is not a value of SameSite',
        choices: ['Lax', 'Strict', 'None'],
      }),
      description:
        'The attribute `SameSite` of the cookie of `sessionType=sticky-server`; `None` brings `Secure`.',
      example: 'None',
    },
    cookieSecure: {
      type: flag,
      default: '$HTTPS_ONLY',
      description:
        'Whether that cookie, and that of a canary of this service, is `Secure`. Without it: where `httpsOnly` is.',
      example: 'true',
    },
  },
);
