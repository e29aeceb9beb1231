import { defineLabels } from './label.js';

/** Labels that swarm-listener itself reads. All other `com.df.` labels pass through it untouched. */
export const LISTENER_LABELS = defineLabels([
  {
    name: 'notify',
    type: 'boolean',
    default: 'false',
    indexed: false,
    says: 'Marks a service of interest; any letter case of `true` counts. Another label can be chosen with `DF_NOTIFY_LABEL`.',
    example: 'true',
  },
  {
    name: 'distribute',
    type: 'boolean',
    default: 'true',
    indexed: false,
    says: 'Sent to the receivers: a proxy replica forwards the request to all its replicas.',
    example: 'true',
  },
  {
    name: 'shortName',
    type: 'boolean',
    default: 'false',
    indexed: false,
    says: 'Cuts the stack name off the service name that is sent.',
    example: 'true',
  },
  {
    name: 'scrapeNetwork',
    type: 'text',
    indexed: false,
    says: 'Overlay network whose task addresses go into `nodeInfo`; its presence also makes the listener wait for convergence.',
    example: 'monitor',
  },
  {
    name: 'notifyService',
    type: 'list',
    indexed: false,
    says: 'Create receivers (host, `host:port` or whole URL) that shall hear of this service; absent means all.',
    example: 'proxy,monitor:8080',
  },
]);
