import { CATALOGUE, type Label } from '@docker-flow/labels';

/** Everything lies below this path. */
export const API = '/v1/docker-flow-monitor';

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly unknown[];
  readonly responses: Readonly<Record<string, unknown>>;
}

/** The OpenAPI description of the routes. Every method is accepted; GET is described. */
export function openApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Docker Flow Monitor',
      version: '1',
      description:
        'Keeps Prometheus configured from the labels of Swarm services. Any HTTP method is accepted.',
    },
    paths: Object.fromEntries(Object.entries(PATHS).map(([path, get]) => [path, { get }])),
    components: { schemas: SCHEMAS },
  };
}

const ALERT_PARTS = 'Alerts have no number or `.1`, `.2` and so on behind the name.';

function parameterOf({ name, type, description, indexed, example, sentByListener }: Label): unknown {
  return {
    name,
    in: 'query',
    required: name === 'serviceName',
    description: [description, indexed ? ALERT_PARTS : '', sentByListener ? 'Sent by swarm-listener.' : '']
      .filter((text) => text !== '')
      .join(' '),
    schema: { type: type.json ?? 'string' },
    ...(example === undefined ? {} : { example }),
  };
}

function textParameter(name: string, description: string, required: boolean): unknown {
  return { name, in: 'query', required, description, schema: { type: 'string' } };
}

function json(description: string, schema: string): unknown {
  return {
    description,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
  };
}

function empty(description: string): Operation {
  return { summary: description, responses: { 200: { description: 'Nothing to say' } } };
}

function serviceResponses(done: string) {
  return {
    200: json(done, 'ServiceAnswer'),
    400: json('serviceName is missing or not the name of a service; nothing has changed', 'ServiceAnswer'),
    500: json('The change is stored but Prometheus does not run it', 'ServiceAnswer'),
  };
}

function nodeResponses(done: string) {
  return {
    200: json(done, 'NodeAnswer'),
    400: json('id is missing; nothing has changed', 'NodeAnswer'),
    500: json('The change is stored but Prometheus does not run it', 'NodeAnswer'),
  };
}

const ID = textParameter('id', 'Id of the node', true);
const NODE_LABELS = 'Labels named in DF_NODE_TARGET_LABELS are stored.';

const PATHS: Readonly<Record<string, Operation>> = {
  [`${API}/`]: empty('Answers when the API is there'),
  [`${API}/ping`]: empty('Answers when the API is there'),
  [`${API}/reconfigure`]: {
    summary: 'Replaces the scrape job and all alerts of a service; answers when Prometheus runs them',
    parameters: [
      ...CATALOGUE.monitor.map(parameterOf),
      textParameter('dryRun', 'With `true` the rules are returned and nothing is installed', false),
    ],
    responses: serviceResponses('The service is live; rejected alerts are listed'),
  },
  [`${API}/remove`]: {
    summary: 'Removes the scrape job and the alerts of a service that are not persistent',
    parameters: [textParameter('serviceName', 'Name of the service', true)],
    responses: serviceResponses('The service is gone; what was removed is shown'),
  },
  [`${API}/node/reconfigure`]: {
    summary: `Replaces the labels of a node. ${NODE_LABELS}`,
    parameters: [ID],
    responses: nodeResponses('The labels that are stored now'),
  },
  [`${API}/node/remove`]: {
    summary: 'Forgets the labels of a node',
    parameters: [ID],
    responses: nodeResponses('The labels that were stored, null for a node that was not known'),
  },
  [`${API}/status`]: {
    summary: 'Services, alerts (accepted and rejected, with reasons), nodes, and the last reload',
    responses: { 200: json('What the monitor knows', 'Status') },
  },
  [`${API}/shortcuts`]: {
    summary: 'All alert shortcuts: names, values, and what they become',
    responses: {
      200: {
        description: 'Sorted by name',
        content: {
          'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Shortcut' } } },
        },
      },
    },
  },
  [`${API}/openapi.json`]: {
    summary: 'This description',
    responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': {} } } },
  },
};

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const TEXT_MAP = { type: 'object', additionalProperties: TEXT };

const SCHEMAS = {
  ServiceAnswer: {
    type: 'object',
    required: ['Status', 'Message', 'Alerts', 'scrapeType', 'serviceName'],
    properties: {
      Status: { type: 'integer' },
      Message: { ...TEXT, description: 'Empty when there is nothing to say' },
      Alerts: { type: 'array', items: { $ref: '#/components/schemas/Alert' } },
      Rejected: {
        type: 'array',
        description: 'Alerts that are not installed, in the order of the request',
        items: {
          type: 'object',
          required: ['alertName', 'reason'],
          properties: { alertName: TEXT, reason: TEXT },
        },
      },
      Warnings: { ...TEXTS, description: 'What was dropped or corrected' },
      serviceName: TEXT,
      scrapeType: TEXT,
      scrapePort: TEXT,
      metricsPath: { ...TEXT, description: 'Holds a JSON text, inner quotes included' },
      scrapeInterval: { ...TEXT, description: 'Holds a JSON text, inner quotes included' },
      scrapeTimeout: { ...TEXT, description: 'Holds a JSON text, inner quotes included' },
      scrapeLabels: TEXT_MAP,
      nodeInfo: { type: 'array', items: { ...TEXTS, description: 'node name, address, node id' } },
      DryRun: { type: 'boolean' },
      Rules: { type: 'object', description: 'Only of a dry run: the rule file of this service alone' },
    },
  },
  Alert: {
    type: 'object',
    required: ['alertName', 'alertPersistent', 'AlertNameFormatted', 'serviceName', 'replicas'],
    properties: {
      alertName: TEXT,
      AlertNameFormatted: TEXT,
      alertIf: { ...TEXT, description: 'The expression, shortcuts expanded' },
      alertFor: TEXT,
      alertLabels: TEXT_MAP,
      alertAnnotations: TEXT_MAP,
      alertPersistent: { type: 'boolean' },
      serviceName: TEXT,
      replicas: { type: 'integer' },
    },
  },
  NodeAnswer: {
    type: 'object',
    required: ['Status', 'NodeID', 'Message', 'NodeLabel'],
    properties: {
      Status: { type: 'integer' },
      NodeID: TEXT,
      Message: TEXT,
      NodeLabel: { ...TEXT_MAP, type: ['object', 'null'] },
    },
  },
  Status: {
    type: 'object',
    required: ['prometheus', 'lastReload', 'services', 'nodes', 'rejectedParts', 'problems'],
    properties: {
      prometheus: { type: 'object' },
      lastReload: { type: 'object' },
      lastPulls: { type: 'object' },
      services: { type: 'array', items: { type: 'object' } },
      nodes: { type: 'array', items: { type: 'object' } },
      rejectedParts: { type: 'array', items: { type: 'object' } },
      problems: TEXTS,
    },
  },
  Shortcut: {
    type: 'object',
    required: ['name', 'form', 'parameters', 'expression', 'labels', 'origin'],
    properties: {
      name: TEXT,
      form: { ...TEXT, description: 'How it is written in alertIf' },
      parameters: { type: 'array', items: { type: 'object' } },
      expression: TEXT,
      summary: TEXT,
      labels: TEXT_MAP,
      origin: TEXT,
    },
  },
} as const;
