import {
  boolean,
  integer,
  list,
  listenAddress,
  logLevel,
  optionalText,
  seconds,
  text,
} from '@docker-flow/daemon/config/environment';
import { MANAGER_NODE_LABEL_NAMES, SCALER_LABEL_NAMES, WORKER_NODE_LABEL_NAMES } from '@docker-flow/labels';

/** Like the original, a number or boolean that is set but empty ends the program at start. */
function whole(fallback: number, range: { readonly min?: number; readonly max?: number } = {}) {
  return integer(fallback, { min: 0, ...range, emptyIsUnset: false });
}

/** The same of a number of seconds, or a duration such as `30s`. */
function time(fallback: number, range: { readonly min?: number; readonly max?: number } = {}) {
  return seconds(fallback, { min: 0, ...range, emptyIsUnset: false });
}

/** Longer than any timer of Node can be set. */
const LONGEST_SECONDS = 2_000_000;

function flag(fallback: boolean) {
  return boolean(fallback, { emptyIsUnset: false });
}

/** Every variable of the scaler, with the defaults of the original's image built in. */
export const ENVIRONMENT = {
  DF_LISTEN_ADDRESS: listenAddress(),
  DF_FS_ROOT: text(),
  LOG_LEVEL: logLevel(),
  DOCKER_HOST: text('unix:///var/run/docker.sock'),
  SERVER_PREFIX: text('/'),

  ALERTMANAGER_ADDRESS: list(),
  ALERT_TIMEOUT: time(10),
  ALERT_SCALE_MIN: flag(false),
  ALERT_SCALE_MAX: flag(true),
  ALERT_SCALE_COOLDOWN: flag(false),
  ALERT_NODE_MIN: flag(false),
  ALERT_NODE_MAX: flag(true),

  DEFAULT_MIN_REPLICAS: whole(1),
  DEFAULT_MAX_REPLICAS: whole(5),
  DEFAULT_SCALE_SERVICE_DOWN_BY: whole(1),
  DEFAULT_SCALE_SERVICE_UP_BY: whole(1),
  DEFAULT_SCALE_UP_COOLDOWN: time(0),
  DEFAULT_SCALE_DOWN_COOLDOWN: time(0),
  DEFAULT_SCALE_RESTORE: flag(true),
  SCALE_GROUP_WINDOW: time(5),
  SCALE_UNLABELLED: flag(true),
  ENFORCE_MIN_INTERVAL: time(0, { max: LONGEST_SECONDS }),

  MIN_SCALE_LABEL: text(SCALER_LABEL_NAMES.min),
  MAX_SCALE_LABEL: text(SCALER_LABEL_NAMES.max),
  SCALE_DOWN_BY_LABEL: text(SCALER_LABEL_NAMES.downBy),
  SCALE_UP_BY_LABEL: text(SCALER_LABEL_NAMES.upBy),
  SCALE_UP_COOLDOWN_LABEL: text(SCALER_LABEL_NAMES.upCooldownMs),
  SCALE_DOWN_COOLDOWN_LABEL: text(SCALER_LABEL_NAMES.downCooldownMs),
  SCALE_PAUSED_LABEL: text(SCALER_LABEL_NAMES.paused),
  SCALE_RESTORE_LABEL: text(SCALER_LABEL_NAMES.restore),

  SCALE_INTERVAL: seconds(5, { min: 1, max: 3_600 }),
  PROMETHEUS_URL: optionalText(),
  PROMETHEUS_TOKEN: optionalText(),
  PROMETHEUS_BASIC_AUTH: optionalText(),
  PROMETHEUS_CA_FILE: optionalText(),

  RESCHEDULE_ENV_KEY: text('RESCHEDULE_DATE'),
  RESCHEDULE_TICKER_INTERVAL: time(60, { min: 1, max: LONGEST_SECONDS }),
  RESCHEDULE_TIMEOUT: time(1000, { max: LONGEST_SECONDS }),

  NODE_SCALER_BACKEND: text(),
  DEFAULT_MIN_MANAGER_NODES: whole(3),
  DEFAULT_MAX_MANAGER_NODES: whole(7),
  DEFAULT_MIN_WORKER_NODES: whole(0),
  DEFAULT_MAX_WORKER_NODES: whole(5),
  DEFAULT_SCALE_MANAGER_NODE_DOWN_BY: whole(1),
  DEFAULT_SCALE_MANAGER_NODE_UP_BY: whole(1),
  DEFAULT_SCALE_WORKER_NODE_DOWN_BY: whole(1),
  DEFAULT_SCALE_WORKER_NODE_UP_BY: whole(1),
  MIN_SCALE_MANAGER_NODE_LABEL: text(MANAGER_NODE_LABEL_NAMES.min),
  MAX_SCALE_MANAGER_NODE_LABEL: text(MANAGER_NODE_LABEL_NAMES.max),
  SCALE_MANAGER_NODE_DOWN_BY_LABEL: text(MANAGER_NODE_LABEL_NAMES.downBy),
  SCALE_MANAGER_NODE_UP_BY_LABEL: text(MANAGER_NODE_LABEL_NAMES.upBy),
  MIN_SCALE_WORKER_NODE_LABEL: text(WORKER_NODE_LABEL_NAMES.min),
  MAX_SCALE_WORKER_NODE_LABEL: text(WORKER_NODE_LABEL_NAMES.max),
  SCALE_WORKER_NODE_DOWN_BY_LABEL: text(WORKER_NODE_LABEL_NAMES.downBy),
  SCALE_WORKER_NODE_UP_BY_LABEL: text(WORKER_NODE_LABEL_NAMES.upBy),

  SCALER_TOKEN: optionalText(),
  SCALER_BASIC_AUTH: optionalText(),
  JOB_TOKEN: optionalText(),
  SLACK_WEBHOOK_URL: optionalText(),
  SCALER_STATE_FILE: optionalText(),
  DASHBOARD_URL: optionalText(),
  ACTIVITY_MAX_COUNT: integer(1000, { min: 1, max: 100_000 }),
  ACTIVITY_MAX_DAYS: integer(30, { min: 1, max: 3_650 }),
  SAMPLE_INTERVAL: seconds(10, { min: 1, max: 3_600 }),
} as const;

/** Read by the AWS SDK itself. */
export const AWS_CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

/** Variables that may come from a file or a Swarm secret. */
export const SECRET_VARIABLES = [
  'SCALER_TOKEN',
  'SCALER_BASIC_AUTH',
  'JOB_TOKEN',
  'SLACK_WEBHOOK_URL',
  'PROMETHEUS_TOKEN',
  'PROMETHEUS_BASIC_AUTH',
  ...AWS_CREDENTIALS,
] as const;
