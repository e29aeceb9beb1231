import { CATALOGUE, type Label } from '@docker-flow/labels';

/** Everything of the original lies below this path. */
export const API = '/v1/docker-flow-proxy';

export interface Operation {
  readonly summary: string;
  readonly parameters?: readonly QueryParameter[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<number, unknown>>;
}

export interface QueryParameter {
  readonly name: string;
  readonly in: 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: { readonly type: 'string' | 'integer' | 'boolean' };
  readonly example?: string;
}

/** What a path answers to GET, of which every other method does the same; or what to these methods alone. */
export type PathItem =
  | { readonly get: Operation }
  | { readonly get?: Operation; readonly put: Operation; readonly delete: Operation };

/** The OpenAPI description of the routes. */
export function openApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Docker Flow Proxy',
      version: '1',
      description:
        'Keeps HAProxy configured from the labels of Swarm services. Any HTTP method does what GET does. With API_TOKEN set, all paths but health checks and metrics ask for it.',
    },
    security: [{}, { token: [] }],
    paths: PATHS,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: SCHEMAS,
    },
  };
}

function parameterOf({ name, type, description, indexed, example, sentByListener }: Label): QueryParameter {
  return {
    name,
    in: 'query',
    required: name === 'serviceName',
    description: [
      description,
      indexed ? `Also as \`${name}.1\`, \`${name}.2\` and so on, for one destination each.` : '',
      sentByListener ? 'Sent by swarm-listener.' : '',
    ]
      .filter((text) => text !== '')
      .join(' '),
    schema: { type: type.json ?? 'string' },
    ...(example === undefined ? {} : { example }),
  };
}

function parameter(name: string, description: string, required = false): QueryParameter {
  return { name, in: 'query', required, description, schema: { type: 'string' } };
}

const DISTRIBUTE: QueryParameter = {
  name: 'distribute',
  in: 'query',
  required: false,
  description: 'Passes the request on to every replica of the proxy',
  schema: { type: 'boolean' },
};

function json(description: string, schema: string): unknown {
  return {
    description,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
  };
}

function plain(description: string): unknown {
  return { description, content: { 'text/plain': {} } };
}

/** An answer in the words of the original. */
function answer(description: string): unknown {
  return json(description, 'Answer');
}

const PATHS: Readonly<Record<string, PathItem>> = {
  [`${API}/reconfigure`]: {
    get: {
      summary: 'Routes a service as the parameters say, and answers when a HAProxy worker does',
      parameters: CATALOGUE['proxy-configurator'].map(parameterOf),
      responses: {
        200: answer('The service is live; the message names labels that were read as if they were absent'),
        400: answer('Parameters that can never be routed; nothing has changed'),
        409: answer('No path and no domain, or an entry port that is taken; nothing has changed'),
        500: answer('Not possible now, with the reason; an older version of the service stays live'),
      },
    },
  },
  [`${API}/remove`]: {
    get: {
      summary: 'Removes the routes of a service; one that is not known is no error',
      parameters: [
        parameter('serviceName', 'Name of the service', true),
        parameter('aclName', 'Not needed'),
        DISTRIBUTE,
      ],
      responses: {
        200: answer('The service is gone'),
        400: answer('serviceName is missing'),
        500: answer('Another replica could not be told'),
      },
    },
  },
  [`${API}/reload`]: {
    get: {
      summary:
        'Reloads HAProxy with the file that is there, with a new one (`recreate=true`), or after asking the listeners to send everything (`fromListener=true`)',
      parameters: [
        parameter('recreate', 'Reads secrets, templates and certificates anew and writes the file first'),
        parameter('fromListener', 'Asks the listeners instead'),
      ],
      responses: { 200: answer('HAProxy runs it'), 500: answer('It does not, with the reason') },
    },
  },
  [`${API}/config`]: {
    get: {
      summary: 'The configuration that runs, without passwords; with `type=json` the services it was made of',
      parameters: [parameter('type', '`json`, or nothing')],
      responses: {
        200: {
          description: 'Text of haproxy.cfg, or services by name',
          content: {
            'text/plain': {},
            'application/json': { schema: { type: 'object', additionalProperties: { type: 'object' } } },
          },
        },
        500: { description: 'There is no configuration' },
      },
    },
  },
  [`${API}/cert`]: {
    put: {
      summary: 'Stores the certificate and key in the body (PEM) and uses them at once',
      parameters: [parameter('certName', 'Name of the file', true), DISTRIBUTE],
      requestBody: { required: true, content: { 'application/x-pem-file': {} } },
      responses: {
        200: json('It is in use; no body when distributed', 'Certificates'),
        400: json('No name, no usable PEM, or HAProxy refuses it; the old one stays', 'Certificates'),
        405: { description: 'Any other method than PUT and DELETE' },
      },
    },
    delete: {
      summary: 'Removes a certificate of the directory; one that is not there is no error',
      parameters: [parameter('certName', 'Name of the file', true), DISTRIBUTE],
      responses: {
        200: json('It is gone', 'Certificates'),
        400: json('No file name, or another replica could not be told', 'Certificates'),
      },
    },
  },
  [`${API}/acme`]: {
    get: {
      summary: 'Whose challenges HAProxy answers for authorities, and who may change it',
      responses: { 200: json('The account, as a thumbprint of its key', 'Challenges') },
    },
    put: {
      summary:
        'Answers the challenges of an account from now on, and keeps others from changing it for a while',
      parameters: [
        parameter('thumbprint', "Thumbprint of the account's key (RFC 7638)", true),
        parameter('owner', 'Who keeps others away'),
        parameter('ttl', 'For how long, in seconds; default 60'),
        parameter('directory', 'The authority'),
        DISTRIBUTE,
      ],
      responses: {
        200: json('A worker of HAProxy answers with it', 'Claim'),
        400: json('No thumbprint', 'Claim'),
        409: json("Another owner's time runs", 'Claim'),
        503: json('HAProxy does not answer with it, with the reason', 'Claim'),
      },
    },
    delete: {
      summary: 'Ends an ownership, not the answers',
      parameters: [parameter('owner', 'Who keeps others away no more', true), DISTRIBUTE],
      responses: { 200: json('Nobody is kept away', 'Claim') },
    },
  },
  [`${API}/certs`]: {
    get: {
      summary: 'All certificates; private keys only for callers with the token, or other replicas',
      responses: { 200: json('Certificates of the directory, not those of secrets', 'Certificates') },
    },
  },
  [`${API}/metrics`]: {
    get: {
      summary: "HAProxy's statistics as CSV, of all replicas with `distribute=true`",
      parameters: [DISTRIBUTE],
      responses: { 200: plain('CSV'), 500: plain('HAProxy does not answer') },
    },
  },
  [`${API}/haproxy-metrics`]: {
    get: { summary: "Metrics of HAProxy's own exporter", responses: { 200: plain('Prometheus text') } },
  },
  [`${API}/status`]: {
    get: {
      summary: 'Services that are live, those that are rejected with the reason, and what HAProxy runs',
      responses: { 200: json('No secrets', 'Status') },
    },
  },
  [`${API}/explain`]: {
    get: {
      summary: 'Which route takes a request, and why not the ones before it',
      parameters: [
        parameter('host', 'The Host header'),
        parameter('path', 'The path; default `/`'),
        parameter('port', 'The port of the proxy; default the first of DEFAULT_PORTS'),
        parameter('header', '`Name: value`, as often as there are headers that matter'),
      ],
      responses: { 200: json('The route and those tried before it', 'Explanation') },
    },
  },
  [`${API}/fingerprint`]: {
    get: {
      summary: 'Equal texts on replicas that serve equal services and certificates',
      responses: { 200: json('A fingerprint of each', 'Fingerprints') },
    },
  },
  [`${API}/openapi.json`]: {
    get: { summary: 'This description', responses: { 200: { description: 'OpenAPI 3.1' } } },
  },
  [`${API}/ping`]: { get: { summary: '200', responses: { 200: answer('The API is there') } } },
  [`${API}/successfulinitreload`]: {
    get: {
      summary: '200 once the services were fetched from a listener, 500 before',
      responses: { 200: { description: 'Fetched' }, 500: { description: 'Not yet, or no listener' } },
    },
  },
  '/metrics': {
    get: {
      summary: 'Metrics of the program, and of HAProxy under the names of the old exporter',
      responses: { 200: plain('Prometheus text') },
    },
  },
  '/readyz': {
    get: {
      summary: '200 when a configuration is in force',
      responses: { 200: json('Ready', 'Readiness'), 503: json('Not yet, with the reason', 'Readiness') },
    },
  },
  '/v1/test': { get: { summary: '200; kept for tests of old', responses: { 200: answer('Test v1') } } },
  '/v2/test': { get: { summary: '200; kept for tests of old', responses: { 200: answer('Test v2') } } },
};

const TEXT = { type: 'string' };
const NULLABLE_TEXT = { type: ['string', 'null'] };
const TEXTS = { type: 'array', items: TEXT };

const SCHEMAS = {
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
    required: ['haproxy', 'fingerprint', 'services', 'rejected', 'certificates'],
    properties: {
      haproxy: { type: 'object', properties: { version: TEXT, running: { type: 'boolean' } } },
      fingerprint: TEXT,
      warnings: { ...TEXTS, description: 'About challenges of authorities' },
      services: { type: 'array', items: { type: 'object' } },
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
    },
  },
  Explanation: {
    type: 'object',
    required: ['request', 'decisionPath', 'tried'],
    properties: {
      request: { type: 'object' },
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
      tried: {
        type: 'array',
        items: {
          type: 'object',
          properties: { service: TEXT, backend: TEXT, matches: { type: ['boolean', 'null'] }, because: TEXT },
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
