const TEXT = { type: 'string' };
const NULLABLE_TEXT = { type: ['string', 'null'] };
const TEXTS = { type: 'array', items: TEXT };

const TRIED = {
  type: 'object',
  properties: { service: TEXT, backend: TEXT, matches: { type: ['boolean', 'null'] }, because: TEXT },
};

/** Schemas of answers, by name. */
export const SCHEMAS = {
  Answer: {
    type: 'object',
    description: 'Beside these, all fields of the service as the original names them',
    required: ['Status', 'Message', 'ServiceName'],
    properties: {
      Status: { enum: ['OK', 'NOK'] },
      Message: { ...TEXT, description: 'Empty when there is nothing to say' },
      ServiceName: TEXT,
    },
    additionalProperties: true,
  },
  Certificates: {
    type: 'object',
    required: ['Status', 'Message', 'Certs'],
    properties: {
      Status: { enum: ['OK', 'NOK'] },
      Message: TEXT,
      Certs: {
        type: ['array', 'null'],
        items: {
          type: 'object',
          properties: { ServicePort: TEXT, ProxyServiceName: TEXT, CertsDir: TEXT, CertContent: TEXT },
        },
      },
    },
  },
  Challenges: {
    type: 'object',
    required: ['thumbprint', 'directory', 'owner', 'live', 'since'],
    properties: {
      thumbprint: NULLABLE_TEXT,
      directory: NULLABLE_TEXT,
      owner: NULLABLE_TEXT,
      live: { type: 'boolean', description: 'Whether a worker of HAProxy answers with it' },
      since: { type: ['number', 'null'], description: 'When somebody said so, in milliseconds since 1970' },
    },
  },
  Claim: {
    type: 'object',
    required: ['Status', 'Message'],
    properties: { Status: { enum: ['OK', 'NOK'] }, Message: TEXT, owner: TEXT },
  },
  Status: {
    type: 'object',
    required: ['haproxy', 'fingerprint', 'services', 'rejected', 'certificates', 'changes'],
    properties: {
      haproxy: {
        type: 'object',
        properties: { version: TEXT, running: { type: 'boolean' }, problem: TEXT },
      },
      fingerprint: TEXT,
      warnings: { ...TEXTS, description: 'About challenges of authorities' },
      services: {
        type: 'array',
        description:
          'What is live, with its routes; of each `reachable` says whether its servers take connections (absent: not looked at yet), and `problem` why not',
        items: { type: 'object' },
      },
      rejected: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            service: TEXT,
            reason: TEXT,
            message: TEXT,
            olderVersionLive: { type: 'boolean' },
          },
        },
      },
      certificates: { type: 'array', items: { type: 'object' } },
      changes: {
        type: 'array',
        description: 'The last changes that went live, the newest first',
        items: {
          type: 'object',
          properties: {
            at: { ...TEXT, description: 'When' },
            way: {
              enum: ['reloaded', 'addresses', 'servers', 'tables', 'backends', 'certificates'],
              description: 'All but the first without a reload',
            },
            reason: TEXT,
            services: TEXTS,
            durationMs: { type: 'number' },
          },
        },
      },
    },
  },
  Explanation: {
    type: 'object',
    required: ['request', 'entry', 'decisionPath', 'tried', 'overtaken', 'rejected'],
    properties: {
      request: { type: 'object' },
      entry: {
        type: 'object',
        description: 'What listens on the port',
        properties: { port: { type: 'number' }, open: { type: 'boolean' }, says: TEXT },
      },
      decisionPath: {
        type: ['string', 'null'],
        description:
          'The path that is compared with those of labels; null for an ambiguous one, which gets 400',
      },
      taken: {
        type: 'object',
        description: 'Absent: nothing matches, the answer is 503',
        properties: { service: TEXT, backend: TEXT, why: TEXT },
      },
      then: {
        type: 'array',
        description: 'What happens before the service gets the request',
        items: { type: 'object', properties: { step: TEXT, says: TEXT } },
      },
      tried: {
        type: 'array',
        description: 'Routes in the order in which they count, up to the one that is taken',
        items: TRIED,
      },
      overtaken: {
        type: 'array',
        description: 'Routes that would take it as well, but come later, and why',
        items: TRIED,
      },
      rejected: {
        type: 'array',
        description: 'Services that are not routed as they ask; `matches`: whether it would be theirs',
        items: {
          type: 'object',
          properties: { service: TEXT, matches: { type: ['boolean', 'null'] }, because: TEXT },
        },
      },
    },
  },
  Fingerprints: {
    type: 'object',
    required: ['services', 'certificates'],
    properties: {
      services: TEXT,
      certificates: TEXT,
      acme: { ...TEXT, description: 'Whose challenges are answered' },
    },
  },
  Readiness: {
    type: 'object',
    required: ['rejected'],
    properties: { status: TEXT, code: TEXT, message: TEXT, rejected: TEXTS },
  },
} as const;
