const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const TEXT_MAP = { type: 'object', additionalProperties: TEXT };

/** Schemas of answers, by name. */
export const SCHEMAS = {
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
