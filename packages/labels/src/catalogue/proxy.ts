import { listLabels, type Label } from './label.js';
import { ACCESS } from './proxy/access.js';
import { CANARY } from './proxy/canary.js';
import { CONNECTIONS } from './proxy/connections.js';
import { HEALTH } from './proxy/health.js';
import { HTTPS } from './proxy/https.js';
import { OWN_CONFIGURATION } from './proxy/own-configuration.js';
import { REWRITING } from './proxy/rewriting.js';
import { ROUTES } from './proxy/routes.js';
import { SERVER_LINE } from './proxy/server-line.js';
import { SERVERS } from './proxy/servers.js';
import { SERVICE } from './proxy/service.js';
import { SIGN_ON } from './proxy/sign-on.js';
import { WAKING } from './proxy/waking.js';

/** Everything proxy-configurator reads. */
export const PROXY_LABELS = {
  ...SERVICE,
  ...ROUTES,
  ...SERVERS,
  ...SERVER_LINE,
  ...CONNECTIONS,
  ...HEALTH,
  ...HTTPS,
  ...ACCESS,
  ...SIGN_ON,
  ...CANARY,
  ...WAKING,
  ...REWRITING,
  ...OWN_CONFIGURATION,
} as const;

const ALL: readonly Label[] = listLabels(PROXY_LABELS);

/** Labels of a service as a whole: never with an index. */
export const PROXY_SERVICE_LABELS = ALL.filter(({ indexed }) => !indexed);

/** Labels of one destination: `name` for the only one or as a default of all, `name.N` for the Nth. */
export const PROXY_DESTINATION_LABELS = ALL.filter(({ indexed }) => indexed);
