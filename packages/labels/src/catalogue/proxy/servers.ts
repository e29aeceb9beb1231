import { defineLabels } from '../label.js';
import { flag } from '../types/boolean.js';
import { discovery } from '../types/choice.js';
import { balanceAlgorithm } from '../types/proxy/haproxy.js';
import { host } from '../types/network.js';
import { entryPort, port } from '../types/number.js';
import { name, text } from '../types/text.js';
import { PROXY_TEXT } from './text-rules.js';

export const SERVERS = defineLabels(
  { title: 'Where requests go', rules: PROXY_TEXT },
  {
    port: {
      type: port,
      indexed: true,
      description:
        'Port of the container. Mandatory, except that http destinations may have `httpsPort` instead.',
      example: '8080',
    },
    httpsPort: {
      type: entryPort,
      indexed: true,
      description: 'Port of the container for requests that arrived on `srcHttpsPort`.',
      example: '8443',
    },
    srcHttpsPort: {
      type: entryPort,
      default: '443',
      indexed: true,
      description: 'Port of the proxy whose requests go to `httpsPort`.',
      example: '443',
    },
    outboundHostname: {
      type: host,
      default: 'serviceName',
      indexed: true,
      description: 'Host to contact.',
      example: 'machine-123.acme.com',
    },
    sslVerifyNone: {
      type: flag,
      default: 'false',
      indexed: true,
      description: 'Speaks TLS to the service and does not check its certificate.',
      example: 'true',
    },
    discoveryType: {
      type: discovery,
      default: 'Overlay',
      description: '`DNS` balances over the tasks of the service instead of its virtual address.',
      example: 'DNS',
    },
    checkResolvers: {
      type: flag,
      default: '$CHECK_RESOLVERS',
      description: 'HAProxy checks the servers and follows their names through the resolvers.',
      example: 'true',
    },
    sessionType: {
      type: text,
      description: '`sticky-server` pins each client to one task by cookie; anything else changes nothing.',
      example: 'sticky-server',
    },
    serviceGroup: {
      type: name,
      indexed: true,
      description: 'tcp destinations with the same group and `srcPort` share their load.',
      example: 'mysql',
    },
    balanceGroup: {
      type: balanceAlgorithm,
      indexed: true,
      description: 'How a group spreads its load: the rest of `balance`; the first destination decides.',
      example: 'leastconn',
    },
    checkTcp: {
      type: flag,
      default: 'false',
      indexed: true,
      description: 'Checks by connecting whether a server of a tcp or sni destination is up.',
      example: 'true',
    },
  },
);
