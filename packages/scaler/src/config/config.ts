import {
  readEnvironment,
  type Environment,
  type ListenAddress,
  type LogLevel,
} from '@docker-flow/daemon/config/environment';
import { withSecrets } from '@docker-flow/daemon/config/secrets';
import { withoutQuotedValues } from '@docker-flow/daemon/config/unquote';
import { InvalidConfigurationError } from '@docker-flow/daemon/errors';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { parseDockerEndpoint, type DockerEndpoint } from '@docker-flow/docker/endpoint';
import type { NodeScalerLabelNames, ScalerLabelNames, Step } from '@docker-flow/labels';
import { parseRescheduleFilter, type RescheduleFilter } from '../core/reschedule.js';
import type { CountPolicy, ScalePolicy, Sourced } from '../core/scaling/scale-policy.js';
import { AWS_CREDENTIALS, ENVIRONMENT, SECRET_VARIABLES } from './environment.js';
import type { NodeRole } from '../ports.js';

/** Everything the environment says, frozen, in the units the program uses. */
export interface Config {
  readonly listen: ListenAddress;
  readonly logLevel: LogLevel;
  readonly docker: DockerEndpoint;
  /** Empty, or a path that starts with a slash and does not end with one. */
  readonly prefix: string;
  readonly alerts: AlertConfig;
  readonly slackWebhookUrl: string | undefined;
  readonly scaling: ScalingConfig;
  readonly autoscaling: AutoscalingConfig;
  readonly reschedule: RescheduleConfig;
  readonly nodes: NodesConfig;
  readonly access: AccessConfig;
  readonly stateFile: string | undefined;
  /** Where the page leads to for the whole of a service; absent: nowhere. */
  readonly dashboardUrl: string | undefined;
  readonly activityLimits: { readonly count: number; readonly ageMs: number };
  readonly sampleIntervalMs: number;
  /** Texts that must never be printed. */
  readonly secrets: readonly string[];
  /** About variables that are not in force as they are written, one line each. */
  readonly warnings: readonly string[];
}

export interface AlertConfig {
  readonly addresses: readonly string[];
  readonly lifeMs: number;
  readonly atMin: boolean;
  readonly atMax: boolean;
  readonly inCooldown: boolean;
  readonly nodesAtMin: boolean;
  readonly nodesAtMax: boolean;
}

export interface ScalingConfig {
  readonly labelNames: ScalerLabelNames;
  readonly defaults: ScalePolicy;
  readonly groupWindowMs: number;
  /** Whether services without any scaling label may be scaled by request. */
  readonly scaleUnlabelled: boolean;
  /** 0: off. */
  readonly enforceMinIntervalMs: number;
}

export interface AutoscalingConfig {
  readonly intervalMs: number;
  /** Absent: services with `com.df.scaleOn` keep their counts. */
  readonly prometheusUrl: string | undefined;
  /** Value of the header `Authorization`. */
  readonly authorization: string | undefined;
  /** Certificates of the authority that has signed that of Prometheus. */
  readonly caFile: string | undefined;
}

export interface RescheduleConfig {
  readonly filter: RescheduleFilter;
  readonly environmentKey: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

export interface NodesConfig {
  /** Empty: node scaling is off. */
  readonly backend: string;
  /** Empty: there is none. */
  readonly awsEnvFile: string;
  /** Variables of the AWS SDK that came from files or Swarm secrets. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly roles: Readonly<
    Record<NodeRole, { readonly labelNames: NodeScalerLabelNames; readonly defaults: CountPolicy }>
  >;
}

export interface AccessConfig {
  readonly token: string | undefined;
  /** `user:password`. */
  readonly basic: string | undefined;
  readonly jobToken: string | undefined;
}

/** Those that may be in quotes: all that are read. */
const VARIABLES = [
  ...Object.keys(ENVIRONMENT),
  ...SECRET_VARIABLES,
  'AWS_ENV_FILE',
  'RESCHEDULE_FILTER_LABEL',
];

/** @throws {InvalidConfigurationError} naming every variable that cannot be read */
export function readConfig(processEnvironment: Environment): Config {
  const { environment: given, warnings } = withoutQuotedValues(processEnvironment, VARIABLES);
  const root = fileRoot(processEnvironment['DF_FS_ROOT']);
  const environment = withSecrets(given, {
    names: SECRET_VARIABLES,
    protecting: SECRET_VARIABLES,
    directory: root('/run/secrets'),
  });
  const env = readEnvironment(ENVIRONMENT, environment);
  return Object.freeze({
    listen: env.DF_LISTEN_ADDRESS,
    logLevel: env.LOG_LEVEL,
    docker: parseDockerEndpoint(env.DOCKER_HOST, environment),
    prefix: cleanPrefix(env.SERVER_PREFIX),
    alerts: {
      addresses: env.ALERTMANAGER_ADDRESS.map(cleanAddress),
      lifeMs: env.ALERT_TIMEOUT * 1_000,
      atMin: env.ALERT_SCALE_MIN,
      atMax: env.ALERT_SCALE_MAX,
      inCooldown: env.ALERT_SCALE_COOLDOWN,
      nodesAtMin: env.ALERT_NODE_MIN,
      nodesAtMax: env.ALERT_NODE_MAX,
    },
    slackWebhookUrl: readWebhookUrl(env.SLACK_WEBHOOK_URL),
    scaling: readScaling(env),
    autoscaling: {
      intervalMs: env.SCALE_INTERVAL * 1_000,
      prometheusUrl: readPrometheusUrl(env.PROMETHEUS_URL),
      authorization: authorizationOf(env.PROMETHEUS_TOKEN, env.PROMETHEUS_BASIC_AUTH),
      caFile: env.PROMETHEUS_CA_FILE === undefined ? undefined : root(env.PROMETHEUS_CA_FILE),
    },
    reschedule: {
      filter: readFilter(environment['RESCHEDULE_FILTER_LABEL'] ?? 'com.df.reschedule=true'),
      environmentKey: env.RESCHEDULE_ENV_KEY,
      intervalMs: env.RESCHEDULE_TICKER_INTERVAL * 1_000,
      timeoutMs: env.RESCHEDULE_TIMEOUT * 1_000,
    },
    nodes: {
      ...readNodes(env),
      // Set but empty means that there is no file.
      awsEnvFile: environment['AWS_ENV_FILE'] ?? root('/run/secrets/aws'),
      credentials: chosenVariables(AWS_CREDENTIALS, environment),
    },
    access: { token: env.SCALER_TOKEN, basic: readBasic(env.SCALER_BASIC_AUTH), jobToken: env.JOB_TOKEN },
    stateFile: env.SCALER_STATE_FILE === undefined ? undefined : root(env.SCALER_STATE_FILE),
    dashboardUrl: readDashboardUrl(env.DASHBOARD_URL),
    activityLimits: { count: env.ACTIVITY_MAX_COUNT, ageMs: env.ACTIVITY_MAX_DAYS * 86_400_000 },
    sampleIntervalMs: env.SAMPLE_INTERVAL * 1_000,
    secrets: SECRET_VARIABLES.map((name) => environment[name]).filter((value) => value !== undefined),
    warnings,
  });
}

type Read = ReturnType<typeof readEnvironment<typeof ENVIRONMENT>>;

/** Names of labels and defaults for replicas. */
export function readScaling(env: Read): ScalingConfig {
  return {
    labelNames: {
      min: env.MIN_SCALE_LABEL,
      max: env.MAX_SCALE_LABEL,
      upBy: env.SCALE_UP_BY_LABEL,
      downBy: env.SCALE_DOWN_BY_LABEL,
      upCooldownMs: env.SCALE_UP_COOLDOWN_LABEL,
      downCooldownMs: env.SCALE_DOWN_COOLDOWN_LABEL,
      paused: env.SCALE_PAUSED_LABEL,
      restore: env.SCALE_RESTORE_LABEL,
    },
    defaults: {
      min: byDefault(env.DEFAULT_MIN_REPLICAS, 'DEFAULT_MIN_REPLICAS'),
      max: byDefault(env.DEFAULT_MAX_REPLICAS, 'DEFAULT_MAX_REPLICAS'),
      upBy: defaultStep(env.DEFAULT_SCALE_SERVICE_UP_BY, 'DEFAULT_SCALE_SERVICE_UP_BY'),
      downBy: defaultStep(env.DEFAULT_SCALE_SERVICE_DOWN_BY, 'DEFAULT_SCALE_SERVICE_DOWN_BY'),
      upCooldownMs: byDefault(env.DEFAULT_SCALE_UP_COOLDOWN * 1_000, 'DEFAULT_SCALE_UP_COOLDOWN'),
      downCooldownMs: byDefault(env.DEFAULT_SCALE_DOWN_COOLDOWN * 1_000, 'DEFAULT_SCALE_DOWN_COOLDOWN'),
      paused: { value: false, from: 'default' },
      restore: byDefault(env.DEFAULT_SCALE_RESTORE, 'DEFAULT_SCALE_RESTORE'),
    },
    groupWindowMs: env.SCALE_GROUP_WINDOW * 1_000,
    scaleUnlabelled: env.SCALE_UNLABELLED,
    enforceMinIntervalMs: env.ENFORCE_MIN_INTERVAL * 1_000,
  };
}

function readNodes(env: Read): Pick<NodesConfig, 'backend' | 'roles'> {
  return {
    backend: env.NODE_SCALER_BACKEND,
    roles: {
      manager: {
        labelNames: {
          min: env.MIN_SCALE_MANAGER_NODE_LABEL,
          max: env.MAX_SCALE_MANAGER_NODE_LABEL,
          upBy: env.SCALE_MANAGER_NODE_UP_BY_LABEL,
          downBy: env.SCALE_MANAGER_NODE_DOWN_BY_LABEL,
        },
        defaults: {
          min: byDefault(env.DEFAULT_MIN_MANAGER_NODES, 'DEFAULT_MIN_MANAGER_NODES'),
          max: byDefault(env.DEFAULT_MAX_MANAGER_NODES, 'DEFAULT_MAX_MANAGER_NODES'),
          upBy: defaultStep(env.DEFAULT_SCALE_MANAGER_NODE_UP_BY, 'DEFAULT_SCALE_MANAGER_NODE_UP_BY'),
          downBy: defaultStep(env.DEFAULT_SCALE_MANAGER_NODE_DOWN_BY, 'DEFAULT_SCALE_MANAGER_NODE_DOWN_BY'),
        },
      },
      worker: {
        labelNames: {
          min: env.MIN_SCALE_WORKER_NODE_LABEL,
          max: env.MAX_SCALE_WORKER_NODE_LABEL,
          upBy: env.SCALE_WORKER_NODE_UP_BY_LABEL,
          downBy: env.SCALE_WORKER_NODE_DOWN_BY_LABEL,
        },
        defaults: {
          min: byDefault(env.DEFAULT_MIN_WORKER_NODES, 'DEFAULT_MIN_WORKER_NODES'),
          max: byDefault(env.DEFAULT_MAX_WORKER_NODES, 'DEFAULT_MAX_WORKER_NODES'),
          upBy: defaultStep(env.DEFAULT_SCALE_WORKER_NODE_UP_BY, 'DEFAULT_SCALE_WORKER_NODE_UP_BY'),
          downBy: defaultStep(env.DEFAULT_SCALE_WORKER_NODE_DOWN_BY, 'DEFAULT_SCALE_WORKER_NODE_DOWN_BY'),
        },
      },
    },
  };
}

function chosenVariables(
  names: readonly string[],
  environment: Environment,
): Readonly<Record<string, string>> {
  const found = names.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(found.filter((one): one is [string, string] => Boolean(one[1])));
}

function byDefault<T>(value: T, variable: string): Sourced<T> {
  return { value, from: `default ${variable}` };
}

/** A step of 0 would answer every request with nothing; it counts as 1. */
function defaultStep(size: number, variable: string): Sourced<Step> {
  return byDefault({ unit: 'count', size: Math.max(1, size) }, variable);
}

function cleanAddress(address: string): string {
  return (address.includes('://') ? address : `http://${address}`).replace(/\/+$/, '');
}

function cleanPrefix(text: string): string {
  const segments = text.split('/').filter((segment) => segment !== '');
  return segments.length === 0 ? '' : `/${segments.join('/')}`;
}

function readFilter(text: string): RescheduleFilter {
  const filter = parseRescheduleFilter(text);
  if (filter) return filter;
  throw new InvalidConfigurationError(
    `RESCHEDULE_FILTER_LABEL=${JSON.stringify(text)} is not a label with a value; expected key=value with exactly one =`,
  );
}

/** The address is the secret, so it is not told what is wrong with it. */
function readWebhookUrl(text: string | undefined): string | undefined {
  if (text === undefined || (/^https?:/.test(text) && URL.canParse(text))) return text;
  throw new InvalidConfigurationError('SLACK_WEBHOOK_URL cannot be read; expected https://…');
}

/** Credentials in the address would be shown with it. */
function readPrometheusUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const address = cleanAddress(text);
  if (/^https?:\/\//.test(address) && URL.canParse(address)) {
    const { username, password } = new URL(address);
    if (username === '' && password === '') return address;
  }
  throw new InvalidConfigurationError(
    'PROMETHEUS_URL is not an address; expected http://prometheus:9090, credentials in PROMETHEUS_TOKEN or PROMETHEUS_BASIC_AUTH',
  );
}

function authorizationOf(token: string | undefined, basic: string | undefined): string | undefined {
  if (token !== undefined) return `Bearer ${token}`;
  if (basic === undefined) return undefined;
  if (/^[^:]+:./.test(basic)) return `Basic ${Buffer.from(basic).toString('base64')}`;
  throw new InvalidConfigurationError('PROMETHEUS_BASIC_AUTH cannot be read; expected user:password');
}

/** A path of the same site, or an address; nothing that a browser would run. */
function readDashboardUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^(?:\/(?!\/)|https?:\/\/)/.test(text)) return text;
  throw new InvalidConfigurationError(
    'DASHBOARD_URL is neither a path nor an address; expected /flow/ or https://…',
  );
}

function readBasic(text: string | undefined): string | undefined {
  if (text === undefined || /^[^:]+:./.test(text)) return text;
  throw new InvalidConfigurationError('SCALER_BASIC_AUTH cannot be read; expected user:password');
}
