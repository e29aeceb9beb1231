import path from 'node:path';
import { readBoolean } from '@docker-flow/labels';
import { parseDockerEndpoint, type DockerEndpoint } from '@docker-flow/docker/endpoint';
import {
  readEnvironment,
  type Environment,
  type ListenAddress,
  type LogLevel,
} from '@docker-flow/daemon/config/environment';
import { withoutQuotedValues } from '@docker-flow/daemon/config/unquote';
import { createProblemList } from '@docker-flow/daemon/config/problem-list';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { readSecretFile, withSecrets } from '@docker-flow/daemon/config/secrets';
import {
  describeIssue,
  issueOf,
  type ConfigurationIssue,
} from '../core/notifications/configuration-issue.js';
import { parseNotifyLabel } from '../core/services/interest.js';
import { readReceivers, type NotificationEvent, type Receivers } from '../core/notifications/receivers.js';
import type { ServiceRules } from '../core/services/service-model.js';
import { ENVIRONMENT } from './environment.js';

export interface Config {
  readonly docker: DockerEndpoint;
  readonly rules: ServiceRules;
  readonly services: Receivers;
  readonly nodes: Receivers;
  readonly retries: number;
  readonly retryIntervalMs: number;
  readonly requestTimeoutMs: number;
  readonly servicePollingMs: number;
  readonly nodePollingMs: number;
  readonly taskPollingMs: number;
  readonly resyncMs: number;
  readonly serviceEvents: boolean;
  readonly nodeEvents: boolean;
  readonly stateFile: string | undefined;
  /** What callers of the API show; absent: nothing is asked for. */
  readonly apiToken: string | undefined;
  /** Texts that must never be printed. */
  readonly secrets: readonly string[];
  readonly listen: ListenAddress;
  readonly logLevel: LogLevel;
  /** What is left out, one line each, while the rest works. */
  readonly warnings: readonly string[];
}

type Variables = ReturnType<typeof readEnvironment<typeof ENVIRONMENT>>;

type Flag =
  | 'DF_INCLUDE_NODE_IP_INFO'
  | 'DF_NODE_IP_INFO_INCLUDES_TASK_ADDRESS'
  | 'DF_USE_DOCKER_SERVICE_EVENTS'
  | 'DF_USE_DOCKER_NODE_EVENTS'
  | 'DF_NOTIFY_CREATE_SERVICE_IMMEDIATELY';

const URL_VARIABLES = [
  'DF_NOTIFY_CREATE_SERVICE_URL',
  'DF_NOTIFY_REMOVE_SERVICE_URL',
  'DF_NOTIFY_CREATE_NODE_URL',
  'DF_NOTIFY_REMOVE_NODE_URL',
] as const;

const TOKENS = ['API_TOKEN', 'PROXY_API_TOKEN', 'MONITOR_API_TOKEN'] as const;

type UrlVariable = (typeof URL_VARIABLES)[number];

/**
 * Everything the program wants to know of its surroundings, read once.
 *
 * @throws {InvalidConfigurationError} naming everything that cannot be read, all at once
 */
export function readConfig(written: Environment): Config {
  const { environment, warnings } = withoutQuotedValues(written, Object.keys(ENVIRONMENT));
  const problems = createProblemList();
  const withUrls =
    problems.attempt(() => withSecrets(environment, { names: URL_VARIABLES, swarmSecrets: false })) ??
    environment;
  // Of secrets that are addresses, those from the environment and from the secret are added up later.
  const directory =
    environment['DF_SECRETS_DIR'] ?? fileRoot(environment['DF_FS_ROOT'] ?? '')('/run/secrets');
  const token = { names: TOKENS, protecting: TOKENS, directory };
  const given = problems.attempt(() => withSecrets(withUrls, token)) ?? withUrls;
  const variables = problems.attempt(() => readEnvironment(ENVIRONMENT, given));
  const docker = problems.attempt(() => parseDockerEndpoint(dockerHost(given), given));
  problems.add(...unusableMethods(given));
  if (!variables || !docker || problems.isAny()) throw problems.error();
  const config = configOf(variables, docker);
  return Object.freeze({ ...config, warnings: [...warnings, ...config.warnings] });
}

function dockerHost(environment: Environment): string {
  const given = [environment['DF_DOCKER_HOST'], environment['DOCKER_HOST']];
  return given.find((text) => text !== undefined && text !== '') ?? 'unix:///var/run/docker.sock';
}

/** A method is a word of the HTTP grammar, whatever it means to the receiver. */
function unusableMethods(environment: Environment): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    if (!/^DF_NOTIFY_(CREATE|REMOVE)_(SERVICE|NODE)_METHOD$/.test(name)) return [];
    const words = (value ?? '').split(',').map((word) => word.trim());
    const wrong = words.filter((word) => word !== '' && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(word));
    return wrong.map((word) => `${name}=${JSON.stringify(word)} is not an HTTP method; expected GET, POST …`);
  });
}

function configOf(variables: Variables, docker: DockerEndpoint): Config {
  const issues: ConfigurationIssue[] = [];
  const flag = (name: Flag, other: boolean) => {
    const text = variables[name];
    const read = readBoolean(text);
    if (read.ok) return read.value;
    issues.push(issueOf(name, text, `is not a boolean and counts as ${String(other)}`, 'true or false'));
    return other;
  };
  const root = fileRoot(variables.DF_FS_ROOT);
  const secretsDir = variables.DF_SECRETS_DIR ?? root('/run/secrets');
  const receivers = (subject: 'SERVICE' | 'NODE') => {
    const read = (event: NotificationEvent) => {
      const name = `DF_NOTIFY_${event === 'create' ? 'CREATE' : 'REMOVE'}_${subject}_URL` as const;
      const methods = `DF_NOTIFY_${event === 'create' ? 'CREATE' : 'REMOVE'}_${subject}_METHOD` as const;
      const urls = urlList(variables, name, secretsDir);
      const tokens = { proxy: variables.PROXY_API_TOKEN, monitor: variables.MONITOR_API_TOKEN };
      const result = readReceivers({ variable: name, event, urls, methods: variables[methods], tokens });
      issues.push(...result.issues);
      return result.receivers;
    };
    return { create: read('create'), remove: read('remove') };
  };
  const includeNodeInfo = flag('DF_INCLUDE_NODE_IP_INFO', false);
  const withAddresses = flag('DF_NODE_IP_INFO_INCLUDES_TASK_ADDRESS', true);
  const config: Config = {
    docker,
    rules: {
      notify: parseNotifyLabel(variables.DF_NOTIFY_LABEL),
      namePrefix: variables.DF_SERVICE_NAME_PREFIX,
      extraPrefixes: variables.DF_EXTRA_LABEL_PREFIXES,
      waitFor: variables.DF_WAIT_FOR_CONVERGENCE,
      immediately: flag('DF_NOTIFY_CREATE_SERVICE_IMMEDIATELY', false),
      nodeInfo: !includeNodeInfo ? 'off' : withAddresses ? 'with addresses' : 'without addresses',
      convergenceTimeoutMs: milliseconds(variables.DF_CONVERGENCE_TIMEOUT),
    },
    services: receivers('SERVICE'),
    nodes: receivers('NODE'),
    retries: variables.DF_RETRY,
    retryIntervalMs: milliseconds(variables.DF_RETRY_INTERVAL),
    requestTimeoutMs: milliseconds(variables.DF_REQUEST_TIMEOUT),
    servicePollingMs: milliseconds(variables.DF_SERVICE_POLLING_INTERVAL),
    nodePollingMs: milliseconds(variables.DF_NODE_POLLING_INTERVAL),
    taskPollingMs: milliseconds(variables.DF_TASK_POLLING_INTERVAL),
    resyncMs: milliseconds(variables.DF_RESYNC_INTERVAL),
    serviceEvents: flag('DF_USE_DOCKER_SERVICE_EVENTS', false),
    nodeEvents: flag('DF_USE_DOCKER_NODE_EVENTS', false),
    stateFile: variables.DF_STATE_FILE === undefined ? undefined : root(variables.DF_STATE_FILE),
    apiToken: variables.API_TOKEN,
    secrets: TOKENS.flatMap((name) => variables[name] ?? []),
    listen: variables.DF_LISTEN_ADDRESS,
    logLevel: variables.LOG_LEVEL,
    warnings: issues.map(describeIssue),
  };
  return config;
}

function milliseconds(seconds: number): number {
  return Math.max(0, seconds) * 1_000;
}

/** The old names win, the oldest is the last resort; the secret's addresses come behind. */
function urlList(variables: Variables, name: UrlVariable, secretsDir: string): readonly string[] {
  const secret = readSecretFile(path.join(secretsDir, name.toLowerCase())) ?? '';
  return [chosenUrls(variables, name), secret].filter((text) => text.trim() !== '').flatMap(splitList);
}

function chosenUrls(variables: Variables, name: UrlVariable): string {
  const candidates = {
    DF_NOTIFY_CREATE_SERVICE_URL: [
      variables.DF_NOTIF_CREATE_SERVICE_URL,
      variables[name],
      variables.DF_NOTIFICATION_URL,
    ],
    DF_NOTIFY_REMOVE_SERVICE_URL: [
      variables.DF_NOTIF_REMOVE_SERVICE_URL,
      variables[name],
      variables.DF_NOTIFICATION_URL,
    ],
    DF_NOTIFY_CREATE_NODE_URL: [variables[name]],
    DF_NOTIFY_REMOVE_NODE_URL: [variables[name]],
  }[name];
  return candidates.find((text) => text !== '') ?? '';
}

function splitList(text: string): readonly string[] {
  return text.split(',').map((entry) => entry.trim());
}
