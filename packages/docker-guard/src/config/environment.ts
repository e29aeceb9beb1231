import { listenAddress, logLevel, text } from '@docker-flow/daemon/config/environment';

/** Every variable there is. */
export const environmentShape = {
  DF_LISTEN_ADDRESS: listenAddress(),
  LOG_LEVEL: logLevel(),
  DOCKER_HOST: text('unix:///var/run/docker.sock'),
  RESCHEDULE_ENV_KEY: text('RESCHEDULE_DATE'),
};
