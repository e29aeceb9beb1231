import { choice, integer, list, listenAddress, logLevel, optionalText, text } from '@docker-flow/daemon';

/** In seconds, -1 or 0 for off; a day less than what a timer of Node can hold. */
const SECONDS = { max: 2_000_000 };

/** Every variable there is, with the defaults of the published image. */
export const ENVIRONMENT = {
  DF_DOCKER_HOST: optionalText(),
  DOCKER_HOST: optionalText(),
  DF_NOTIFY_LABEL: text('com.df.notify'),
  DF_NOTIFY_CREATE_SERVICE_URL: text(),
  DF_NOTIFY_REMOVE_SERVICE_URL: text(),
  DF_NOTIF_CREATE_SERVICE_URL: text(),
  DF_NOTIF_REMOVE_SERVICE_URL: text(),
  DF_NOTIFICATION_URL: text(),
  DF_NOTIFY_CREATE_SERVICE_METHOD: list(['GET']),
  DF_NOTIFY_REMOVE_SERVICE_METHOD: list(['GET']),
  DF_NOTIFY_CREATE_NODE_URL: text(),
  DF_NOTIFY_REMOVE_NODE_URL: text(),
  DF_NOTIFY_CREATE_NODE_METHOD: list(['GET']),
  DF_NOTIFY_REMOVE_NODE_METHOD: list(['GET']),
  DF_INCLUDE_NODE_IP_INFO: text('false'),
  DF_NODE_IP_INFO_INCLUDES_TASK_ADDRESS: text('true'),
  DF_RETRY: integer(50),
  DF_RETRY_INTERVAL: integer(5, SECONDS),
  DF_SERVICE_POLLING_INTERVAL: integer(-1, SECONDS),
  DF_NODE_POLLING_INTERVAL: integer(-1, SECONDS),
  DF_TASK_POLLING_INTERVAL: integer(10, { min: 1, ...SECONDS }),
  DF_RESYNC_INTERVAL: integer(60, SECONDS),
  DF_USE_DOCKER_SERVICE_EVENTS: text('true'),
  DF_USE_DOCKER_NODE_EVENTS: text('true'),
  DF_SERVICE_NAME_PREFIX: text(),
  DF_NOTIFY_CREATE_SERVICE_IMMEDIATELY: text('false'),
  DF_WAIT_FOR_CONVERGENCE: choice(['scrapeNetwork', 'all', 'none'], 'scrapeNetwork'),
  DF_CONVERGENCE_TIMEOUT: integer(0, SECONDS),
  DF_REQUEST_TIMEOUT: integer(30, SECONDS),
  DF_EXTRA_LABEL_PREFIXES: list(),
  DF_STATE_FILE: optionalText(),
  DF_SECRETS_DIR: optionalText(),
  DF_FS_ROOT: text(),
  DF_LISTEN_ADDRESS: listenAddress(),
  LOG_LEVEL: logLevel(),
} as const;
