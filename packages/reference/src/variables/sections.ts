import * as certificates from '@docker-flow/certificates';
import * as dashboard from '@docker-flow/dashboard';
import { environmentShape } from '@docker-flow/demo';
import * as guard from '@docker-flow/docker-guard';
import * as monitor from '@docker-flow/monitor';
import * as proxy from '@docker-flow/proxy-configurator';
import * as scaler from '@docker-flow/scaler';
import * as listener from '@docker-flow/swarm-listener';
import type { VariableSection } from '../variables-page.js';
import { CERTIFICATES_VARIABLES } from './certificates-variables.js';
import { DASHBOARD_VARIABLES } from './dashboard-variables.js';
import { DEMO_VARIABLES } from './demo-variables.js';
import { GUARD_VARIABLES } from './guard-variables.js';
import { LISTENER_VARIABLES } from './listener-variables.js';
import { MONITOR_FAMILIES, MONITOR_VARIABLES } from './monitor-variables.js';
import { PROXY_FAMILIES, PROXY_VARIABLES } from './proxy-variables.js';
import { SCALER_FAMILIES, SCALER_VARIABLES } from './scaler-variables.js';

/** Where the image of the demo keeps people. */
const DEMO_DATABASE = '/data/demo.sqlite';

/** The variables of every program, in the order in which one gets to know them. */
export const VARIABLE_SECTIONS: readonly VariableSection[] = [
  {
    title: 'swarm-listener',
    says: 'Addresses of receivers may also be secrets named like the variable; they are added to what the variable says.',
    variables: listener.ENVIRONMENT,
    meanings: LISTENER_VARIABLES,
    secrets: [
      'DF_NOTIFY_CREATE_SERVICE_URL',
      'DF_NOTIFY_REMOVE_SERVICE_URL',
      'DF_NOTIFY_CREATE_NODE_URL',
      'DF_NOTIFY_REMOVE_NODE_URL',
    ],
    defaults: { DF_DOCKER_HOST: 'unix:///var/run/docker.sock', DF_SECRETS_DIR: '/run/secrets' },
  },
  {
    title: 'proxy',
    says: 'Every variable may also come from a secret named `dfp_` and its name in small letters, which wins.',
    variables: proxy.ENVIRONMENT,
    meanings: PROXY_VARIABLES,
    secrets: proxy.SECRET_VARIABLES,
    families: PROXY_FAMILIES,
  },
  {
    title: 'monitor',
    says: 'Besides its own, the monitor takes variables that become flags and configuration of Prometheus.',
    variables: monitor.ENVIRONMENT,
    meanings: MONITOR_VARIABLES,
    secrets: ['ARG_ALERTMANAGER_URL'],
    durations: ['DF_RESYNC_INTERVAL'],
    defaults: { CONFIGS_DIR: '/run/secrets' },
    families: MONITOR_FAMILIES,
  },
  {
    title: 'scaler',
    says: 'A number or a switch that is set but empty cannot be read.',
    variables: scaler.ENVIRONMENT,
    meanings: SCALER_VARIABLES,
    secrets: scaler.SECRET_VARIABLES,
    families: SCALER_FAMILIES,
  },
  {
    title: 'docker-guard',
    says: 'It stands between the Docker socket and the scaler.',
    variables: guard.environmentShape,
    meanings: GUARD_VARIABLES,
    secrets: [],
  },
  {
    title: 'certificates',
    says: 'Times are Prometheus durations such as `30s` or `12h`; `ms`, `s`, `m`, `h` and `d` can be used.',
    variables: certificates.ENVIRONMENT,
    meanings: CERTIFICATES_VARIABLES,
    secrets: certificates.SECRET_VARIABLES,
    durations: [
      ...['DF_RESYNC_INTERVAL', 'DNS_WAIT', 'RENEW_CHECK_INTERVAL', 'RETRY_MIN', 'RETRY_MAX'],
      ...['CA_RETRY_MIN', 'SETTLE', 'PROXY_LOOK_INTERVAL', 'INSTANCE_LEASE'],
    ],
    defaults: {
      PROXY_ADDRESS: 'http://proxy:8080',
      DIRECTORY_URL: 'https://acme-v02.api.letsencrypt.org/directory',
      LIMIT_ORDERS: '250/3h',
      LIMIT_SAME_SET: '3/7d',
      LIMIT_DOMAIN: '40/7d',
      LIMIT_FAILURES: '4/1h',
    },
  },
  {
    title: 'dashboard',
    says: 'A program whose address is not set is left out of the page.',
    variables: dashboard.ENVIRONMENT,
    meanings: DASHBOARD_VARIABLES,
    secrets: dashboard.SECRET_VARIABLES,
    durations: ['DASHBOARD_POLL_INTERVAL'],
  },
  {
    title: 'demo',
    says: 'The service to try everything with.',
    variables: environmentShape(DEMO_DATABASE),
    meanings: DEMO_VARIABLES,
    secrets: ['DB'],
    durations: ['PING_INTERVAL'],
    defaults: { DB: DEMO_DATABASE },
  },
];
