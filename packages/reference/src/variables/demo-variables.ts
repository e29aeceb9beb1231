import type { environmentShape } from '@docker-flow/demo';
import { COMMON_VARIABLES } from './common-variables.js';

/** One sentence for each variable of the demo service. */
export const DEMO_VARIABLES: Readonly<Record<keyof ReturnType<typeof environmentShape>, string>> = {
  DF_LISTEN_ADDRESS: COMMON_VARIABLES.DF_LISTEN_ADDRESS,
  LOG_LEVEL: COMMON_VARIABLES.LOG_LEVEL,
  SERVICE_NAME: 'Metric label `service` of all response times.',
  DB: 'Where people are kept: `postgres://user:password@host/database`, or the path of an SQLite file.',
  VERSION: 'What every answer says in the header `Version`; unset: nothing.',
  ERROR_SHARE:
    'The share of the answers to `/demo/hello` that fail, from 0 to 1: a bad version to try canaries with.',
  PING_INTERVAL: 'How often it asks itself for an answer; `0` for never.',
};
