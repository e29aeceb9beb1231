/** Everything. Add new exports to without-docker.ts, unless they need dockerode. */
export { connectDocker, type DockerConnection } from './docker-connection.js';
export * from './without-docker.js';
