import { defineLabels } from '../label.js';
import { flag } from '../types/boolean.js';
import { connectionMode } from '../types/proxy/haproxy.js';
import { seconds } from '../types/number.js';
import { PROXY_TEXT } from './text-rules.js';

/** The largest time HAProxy can hold, in seconds. */
const LONGEST_SECONDS = 2_147_483;

export const CONNECTIONS = defineLabels(
  { title: 'Connections and how long they may take', rules: PROXY_TEXT },
  {
    timeoutServer: {
      type: seconds({ max: LONGEST_SECONDS }),
      default: '$TIMEOUT_SERVER',
      indexed: true,
      description: 'How long the service may take to answer.',
      example: '60',
    },
    timeoutTunnel: {
      type: seconds({ max: LONGEST_SECONDS }),
      default: '$TIMEOUT_TUNNEL',
      indexed: true,
      description: 'How long a tunnel (WebSocket, tcp) may be silent.',
      example: '1800',
    },
    timeoutClient: {
      type: seconds({ max: LONGEST_SECONDS }),
      default: '$TIMEOUT_CLIENT',
      indexed: true,
      description: 'How long a client may be silent (tcp and sni); the first destination of a port decides.',
      example: '60',
    },
    connectionMode: {
      type: connectionMode,
      default: '$CONNECTION_MODE',
      description:
        'How connections to the service are kept; `forceclose` means `httpclose`, `http-tunnel` nothing.',
      example: 'http-server-close',
    },
    clitcpka: {
      type: flag,
      default: 'false',
      indexed: true,
      description: 'TCP keep-alive towards clients (tcp and sni); the first destination of a port decides.',
      example: 'true',
    },
  },
);
