import { defineLabels, type TextRules } from './label.js';
import { checkbox } from './types/boolean.js';
import { choice } from './types/choice.js';
import { duration } from './types/duration.js';
import { explaining } from './types/label-type.js';
import { nameValueList } from './types/name-value-list.js';
import { nodeInfo } from './types/node-info.js';
import { port, wholeNumber } from './types/number.js';
import { host } from './types/network.js';
import { anyText, secretName as nameOfSecret } from './types/text.js';

/** Nothing is taken away from a value, but an empty one counts as none. */
const MONITOR_TEXT: TextRules = { trim: false, emptyIsAbsent: true, unquote: true };
const TRIMMED: TextRules = { ...MONITOR_TEXT, trim: true };

const replicas = explaining(wholeNumber({ unit: 'replicas' }), ' and counts as 0');
const scrapePort = explaining(port, '; the service is not scraped');
const scrapeDuration = explaining(duration, ' and is left out');
const metricsPath = { ...anyText, name: 'path', words: 'path' };
const scheme = explaining(
  choice({ name: 'scheme', problem: 'is not a scheme', choices: ['http', 'https'] }),
  ' and counts as http',
);
const secretName = explaining(nameOfSecret, ' and is left out');
const serverName = explaining(host, ' and is left out');
const promql = { ...anyText, name: 'expression', words: 'PromQL or shortcut' };

const FACTS = defineLabels(
  { title: 'The service itself', rules: MONITOR_TEXT },
  {
    serviceName: {
      type: anyText,
      sentByListener: true,
      description:
        'Name of the service: its identity, the job name, the DNS name of its tasks and the first half of alert names.',
      example: 'go-demo_main',
    },
    replicas: {
      type: replicas,
      default: '0',
      sentByListener: true,
      description:
        'Wanted number of replicas, available to alert shortcuts; anything that is no whole number counts as 0.',
      example: '3',
    },
    nodeInfo: {
      type: nodeInfo,
      sentByListener: true,
      description:
        'Running tasks as a JSON list of `[nodeName, address, nodeId]`; makes one target for each task, with node labels.',
      example: '[["node-1","10.0.0.3","n1id"]]',
    },
  },
);

const SCRAPING = defineLabels(
  { title: 'Metrics: where the service is scraped', rules: MONITOR_TEXT },
  {
    scrapePort: {
      type: scrapePort,
      description: 'Port of the metrics; without a valid one the service is not scraped.',
      example: '8080',
    },
    scrapeType: {
      type: anyText,
      default: 'dns_sd_configs',
      description:
        'With `static_configs` the target is `serviceName:scrapePort`, or `serviceName` itself when that ends in a port; anything else finds the tasks through DNS.',
      example: 'static_configs',
    },
    metricsPath: {
      type: metricsPath,
      default: '/metrics',
      description:
        'Path of the metrics. What follows a `?` becomes parameters of the request: `/v1/metrics?format=prometheus`.',
      example: '/demo/metrics',
    },
    scrapeInterval: {
      type: scrapeDuration,
      default: '$GLOBAL__SCRAPE_INTERVAL',
      description: 'How often the service is scraped.',
      example: '15s',
    },
    scrapeTimeout: {
      type: scrapeDuration,
      default: '$GLOBAL__SCRAPE_TIMEOUT',
      description: 'How long one scrape may take; never longer than the interval.',
      example: '10s',
    },
    scrapeScheme: {
      type: scheme,
      default: 'http',
      description: 'Protocol of the metrics: `http` or `https`.',
      example: 'https',
    },
    scrapeUsersSecret: {
      type: secretName,
      description:
        'The metrics ask for a user: `name:password` in the Swarm secret `dfm_users_<scrapeUsersSecret>` of the monitor.',
      example: 'shop',
    },
    scrapeBearerSecret: {
      type: secretName,
      description:
        'The metrics ask for a token: the Swarm secret `dfm_bearer_<scrapeBearerSecret>` of the monitor.',
      example: 'shop',
    },
    scrapeCaSecret: {
      type: secretName,
      description:
        'With `scrapeScheme=https`, who has signed the certificate: PEM in the Swarm secret `dfm_ca_<scrapeCaSecret>` of the monitor.',
      example: 'own',
    },
    scrapeServerName: {
      type: serverName,
      description: 'With `scrapeScheme=https`, the name that has to stand in the certificate.',
      example: 'shop.acme.com',
    },
    scrapeSkipVerify: {
      type: checkbox,
      default: 'false',
      description: 'With `scrapeScheme=https`, any certificate will do.',
      example: 'true',
    },
  },
);

const ALERTS = defineLabels(
  { title: 'Alerts: what is alarming', rules: MONITOR_TEXT },
  {
    alertName: {
      type: anyText,
      rules: TRIMMED,
      indexed: true,
      description: 'Name of an alert; the rule is called `serviceName_alertName` without dashes.',
      example: 'mem_limit',
    },
    alertIf: {
      type: promql,
      rules: TRIMMED,
      indexed: true,
      description:
        'When the alert fires: PromQL, a shortcut such as `@service_mem_limit:0.8`, or shortcuts joined by `_and_`, `_or_`, `_unless_`.',
      example: '@service_mem_limit:0.8',
    },
    alertFor: {
      type: duration,
      rules: TRIMMED,
      indexed: true,
      description: 'How long the condition must hold before the alert fires.',
      example: '30s',
    },
    alertKeepFiringFor: {
      type: duration,
      rules: TRIMMED,
      indexed: true,
      description:
        'How long the alert goes on firing after its condition has stopped to hold, so that it does not come and go; Prometheus 2.42 or newer.',
      example: '5m',
    },
    alertLabels: {
      type: nameValueList({ trimValues: true }),
      indexed: true,
      description:
        'Metric labels of the alert, `name=value` joined by commas; they win over those of a shortcut.',
      example: 'receiver=system,severity=high',
    },
    alertAnnotations: {
      type: nameValueList({ trimValues: false }),
      indexed: true,
      description:
        'Annotations of the alert, `name=value` joined by commas; Prometheus templates pass through.',
      example: 'summary=Memory is short,runbook=https://wiki/mem',
    },
    alertPersistent: {
      type: checkbox,
      default: 'false',
      indexed: true,
      description: 'The alert survives a `remove` of its service; `on` counts as true as well.',
      example: 'true',
    },
  },
);

/** Parameters that docker-flow-monitor reads: one scrape job and any number of alerts for each service. */
export const MONITOR_LABELS = { ...FACTS, ...SCRAPING, ...ALERTS } as const;
