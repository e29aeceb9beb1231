import {
  duration,
  listenAddress,
  logLevel,
  optionalText,
  text,
} from '@docker-flow/daemon/config/environment';

const POLL_MS = 2_000;

/** The variables of the program. A source whose address is not set is left out of the page. */
export const ENVIRONMENT = {
  DF_LISTEN_ADDRESS: listenAddress(),
  LOG_LEVEL: logLevel(),
  SERVER_PREFIX: text('/'),
  LISTENER_ADDRESS: optionalText(),
  LISTENER_API_TOKEN: optionalText(),
  PROXY_ADDRESS: optionalText(),
  PROXY_API_TOKEN: optionalText(),
  MONITOR_ADDRESS: optionalText(),
  MONITOR_API_TOKEN: optionalText(),
  PROMETHEUS_ADDRESS: optionalText(),
  ALERTMANAGER_ADDRESS: optionalText(),
  SCALER_ADDRESS: optionalText(),
  CERTIFICATES_ADDRESS: optionalText(),
  DASHBOARD_POLL_INTERVAL: duration(POLL_MS),
} as const;

/** Variables that may come from files and Swarm secrets: addresses may carry a password, too. */
export const SECRET_VARIABLES = [
  'PROXY_API_TOKEN',
  'LISTENER_API_TOKEN',
  'MONITOR_API_TOKEN',
  'LISTENER_ADDRESS',
  'PROXY_ADDRESS',
  'MONITOR_ADDRESS',
  'PROMETHEUS_ADDRESS',
  'ALERTMANAGER_ADDRESS',
  'SCALER_ADDRESS',
  'CERTIFICATES_ADDRESS',
] as const;

/** Whose address a variable is. */
export const ADDRESSES = {
  LISTENER_ADDRESS: 'listener',
  PROXY_ADDRESS: 'proxy',
  MONITOR_ADDRESS: 'monitor',
  PROMETHEUS_ADDRESS: 'prometheus',
  ALERTMANAGER_ADDRESS: 'alertmanager',
  SCALER_ADDRESS: 'scaler',
  CERTIFICATES_ADDRESS: 'certificates',
} as const;
