import type { environmentShape } from '@docker-flow/docker-guard';
import { COMMON_VARIABLES } from './common-variables.js';

/** One sentence for each variable of docker-guard. */
export const GUARD_VARIABLES: Readonly<Record<keyof typeof environmentShape, string>> = {
  DF_LISTEN_ADDRESS: `${COMMON_VARIABLES.DF_LISTEN_ADDRESS} The image says \`:2375\`.`,
  LOG_LEVEL: COMMON_VARIABLES.LOG_LEVEL,
  DOCKER_HOST:
    'The Docker Engine: `unix:///path` or `tcp://host:port`, with `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` over TLS.',
  RESCHEDULE_ENV_KEY:
    'As at the scaler: the variable of containers whose value, a date, an update may change.',
};
