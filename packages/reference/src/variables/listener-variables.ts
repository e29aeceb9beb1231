import type { ENVIRONMENT } from '@docker-flow/swarm-listener';
import { COMMON_VARIABLES } from './common-variables.js';

/** One sentence for each variable of swarm-listener. */
export const LISTENER_VARIABLES: Readonly<Record<keyof typeof ENVIRONMENT, string>> = {
  ...COMMON_VARIABLES,
  DF_DOCKER_HOST:
    "Docker's address: `unix://path`, `tcp://host:port`, `http://…` or `https://…`. Wins over `DOCKER_HOST`.",
  DOCKER_HOST:
    "The same under the name that Docker's client knows; with `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` for TLS.",
  DF_NOTIFY_LABEL:
    'Label that marks a service of interest when its value is `true`; or `label=value` for another value.',
  DF_NOTIFY_CREATE_SERVICE_URL: 'Receivers of new and changed services, with commas between them.',
  DF_NOTIFY_REMOVE_SERVICE_URL: 'Receivers of removed services.',
  DF_NOTIF_CREATE_SERVICE_URL: 'Old name of `DF_NOTIFY_CREATE_SERVICE_URL`; wins when it is not empty.',
  DF_NOTIF_REMOVE_SERVICE_URL: 'Old name of `DF_NOTIFY_REMOVE_SERVICE_URL`; wins when it is not empty.',
  DF_NOTIFICATION_URL:
    'Oldest name, for new, changed and removed services; used where none of the newer names is set.',
  DF_NOTIFY_CREATE_SERVICE_METHOD:
    'HTTP methods of the receivers of services, in their order; the last one repeats.',
  DF_NOTIFY_REMOVE_SERVICE_METHOD: 'The same for removed services.',
  DF_NOTIFY_CREATE_NODE_URL: 'Receivers of new and changed nodes.',
  DF_NOTIFY_REMOVE_NODE_URL: 'Receivers of removed nodes, and of those that are down.',
  DF_NOTIFY_CREATE_NODE_METHOD:
    'HTTP methods of the receivers of nodes, in their order; the last one repeats.',
  DF_NOTIFY_REMOVE_NODE_METHOD: 'The same for removed nodes.',
  DF_INCLUDE_NODE_IP_INFO:
    'Sends which task runs on which node under which address (`nodeInfo`), for services with `com.df.scrapeNetwork`.',
  DF_NODE_IP_INFO_INCLUDES_TASK_ADDRESS: 'Whether those addresses are sent, or only the nodes.',
  DF_RETRY: 'How often a notification is tried again.',
  DF_RETRY_INTERVAL: 'Seconds between two attempts; 0 switches repeating off.',
  DF_SERVICE_POLLING_INTERVAL: 'Seconds between two looks at all services, beside events; 0 or less is off.',
  DF_NODE_POLLING_INTERVAL: 'The same for nodes.',
  DF_TASK_POLLING_INTERVAL:
    'Seconds between two looks at the tasks of quiet services while `nodeInfo` is on; services in flux are looked at several times a second.',
  DF_RESYNC_INTERVAL:
    'Seconds between two comparisons of everything with Docker, whatever events said; 0 is off.',
  DF_USE_DOCKER_SERVICE_EVENTS: "Whether Docker's events about services are used.",
  DF_USE_DOCKER_NODE_EVENTS: "Whether Docker's events about nodes are used.",
  DF_SERVICE_NAME_PREFIX: 'Put before every service name, with `_` between.',
  DF_NOTIFY_CREATE_SERVICE_IMMEDIATELY: 'Announces a service at once and again when it has converged.',
  DF_WAIT_FOR_CONVERGENCE:
    'Which services are announced only when all their tasks run: those with `com.df.scrapeNetwork` (`scrapeNetwork`), `all` or `none`.',
  DF_CONVERGENCE_TIMEOUT:
    'Seconds after which a service is announced although it has not converged; 0 waits for ever.',
  DF_REQUEST_TIMEOUT: 'Seconds that one attempt may take; 0 is no limit.',
  DF_EXTRA_LABEL_PREFIXES: 'Labels with these prefixes are sent, too, under their full names.',
  DF_STATE_FILE:
    'File that remembers what receivers were told, so that services removed while the listener is down are reported.',
  PROXY_API_TOKEN:
    'Token of the API of the proxy, shown to receivers whose path begins with `/v1/docker-flow-proxy/` unless their address names a user. Or `PROXY_API_TOKEN_FILE`, or the Swarm secret `proxy_api_token`.',
  MONITOR_API_TOKEN: 'The same for the monitor, whose path begins with `/v1/docker-flow-monitor/`.',
  API_TOKEN:
    'Callers must show it, as a bearer token or as the password of basic credentials, to see `users` and `serviceCert` in `get-services` and to have everything sent again; unset, nothing is asked for. Or `API_TOKEN_FILE`, or the Swarm secret `api_token`.',
  DF_SECRETS_DIR: 'Where secrets are found.',
};
