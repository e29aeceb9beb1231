/**
 * Everything but the Docker client and axios, whose libraries take 20 MB and 10 MB of memory: for programs
 * that need none.
 */

export { writeFileAtomic } from './atomic-file.js';
export {
  runCommand,
  startChild,
  type Child,
  type ChildExit,
  type ChildOptions,
  type CommandResult,
} from './child-process.js';
export { chooseApiVersion, parseDockerEndpoint, type DockerEndpoint } from './docker-endpoint.js';
export {
  boolean,
  choice,
  duration,
  integer,
  list,
  listenAddress,
  logLevel,
  optionalText,
  readEnvironment,
  text,
  variable,
  type Environment,
  type ListenAddress,
  type LogLevel,
} from './environment.js';
export {
  AppError,
  ConfigRejectedError,
  ConflictError,
  InvalidConfigurationError,
  InvalidRequestError,
  NotFoundError,
  NotReadyError,
  UnauthorizedError,
  UpstreamError,
  messageOf,
} from './errors.js';
export { fileRoot, type FileRoot } from './file-root.js';
export {
  createHttpApp,
  queryOf,
  redirectUncleanPaths,
  sendJson,
  sendText,
  type HttpAppOptions,
} from './http-app.js';
export type { HttpClient, HttpRequest, HttpResponse } from './http-client.js';
export { httpServer } from './http-server.js';
export { runActors, stopSignal, type Actor } from './lifecycle.js';
export {
  createListenerClient,
  getRows,
  listenerUrl,
  type ListenerClient,
  type Rows,
} from './listener-client.js';
export { createLightHttpClient, hasProxy } from './light-http-client.js';
export { createLogger, silentLogger, type LogFields, type Logger } from './logger.js';
export { createMetrics } from './metrics.js';
export { createReconciler, type Reconciler, type ReconcilerOptions } from './reconciler.js';
export { describeError, redactField, redactText } from './redact.js';
export { retry, sleep, type RetryRules } from './retry.js';
export { readSecretFile, withSecrets } from './secrets.js';
export {
  createServiceTable,
  sameParameters,
  type Pull,
  type ServiceTable,
  type TableChanges,
} from './service-table.js';
export { byServiceName, createSubscription, type Subscription } from './subscription.js';
