import { defineLabels } from '../label.js';
import { flag } from '../types/boolean.js';
import { serverCount } from '../types/number.js';
import { name, text } from '../types/text.js';
import { PROXY_TEXT } from './text-rules.js';

export const SERVICE = defineLabels(
  { title: 'The service itself', rules: PROXY_TEXT },
  {
    serviceName: {
      type: name,
      sentByListener: true,
      description:
        'Name of the service: its identity, the host to contact, the name of its server, cookie, realm and userlist.',
      example: 'go-demo_main',
    },
    aclName: {
      type: name,
      default: 'serviceName',
      description: 'Sort key of the service among all services and prefix of every generated name.',
      example: '05-go-demo',
    },
    distribute: {
      type: flag,
      default: 'false',
      sentByListener: true,
      description: 'Forwards the request to all replicas of the proxy instead of applying it here only.',
      example: 'true',
    },
    replicas: {
      type: serverCount,
      sentByListener: true,
      description:
        'Number of replicas; absent for a global service. 0 removes the service, otherwise it is the number of servers with `discoveryType=DNS`.',
      example: '3',
    },
    proxyInstanceName: {
      type: text,
      description:
        'Proxy this service is meant for; others ignore it when they filter (`FILTER_PROXY_INSTANCE_NAME`).',
      example: 'docker-flow',
    },
  },
);
