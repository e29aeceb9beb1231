/** Everything. Add new exports to without-docker.ts, unless they need dockerode or axios. */
export { connectDocker, type DockerConnection } from './docker-connection.js';
export { createHttpClient } from './http-client.js';
export * from './without-docker.js';
