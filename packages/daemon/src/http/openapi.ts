/** A schema of JSON Schema; a reference to one of {@link ApiDescription.schemas} is made by {@link schemaNamed}. */
export type ApiSchema = Readonly<Record<string, unknown>>;

export interface ApiParameter {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  /** Of a query unless the path has it in braces. */
  readonly schema?: ApiSchema;
  readonly example?: string;
}

/** What comes with one status, where more is to be said than a sentence. */
export interface ApiAnswer {
  readonly description: string;
  /** Content by its type, such as `application/json`. */
  readonly content?: Readonly<Record<string, { readonly schema?: ApiSchema }>>;
}

/** What may be sent. */
export interface ApiBody {
  readonly description: string;
  readonly required: boolean;
  readonly contentType: string;
}

/** What one path answers to one method. */
export interface ApiEndpoint {
  /** `any`: every method does what GET does. */
  readonly method: 'any' | 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parts that vary in braces: `/v1/activities/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly parameters?: readonly ApiParameter[];
  /** A sentence stands for JSON that may be left out. */
  readonly body?: string | ApiBody;
  /** By status. A sentence stands for an answer of {@link contentType} when it is a success, for none otherwise. */
  readonly answers: Readonly<Record<number, string | ApiAnswer>>;
  /** Of successful answers; `application/json` when absent. */
  readonly contentType?: string;
}

export interface ApiDescription {
  readonly title: string;
  readonly description: string;
  /** Whether there is a token that callers may have to show. */
  readonly hasToken?: boolean;
  readonly endpoints: readonly ApiEndpoint[];
  /** Schemas by name, for {@link schemaNamed}. */
  readonly schemas?: Readonly<Record<string, ApiSchema>>;
}

/** The OpenAPI description of an API. */
export function describeApi({ title, description, hasToken = false, endpoints, schemas }: ApiDescription) {
  const paths: Record<string, Record<string, ApiOperation>> = {};
  for (const endpoint of endpoints) {
    const method = endpoint.method === 'any' ? 'get' : endpoint.method.toLowerCase();
    (paths[endpoint.path] ??= {})[method] = operationOf(endpoint);
  }
  const components = {
    ...(hasToken ? { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } } : {}),
    ...(schemas ? { schemas } : {}),
  };
  return {
    openapi: '3.1.0',
    info: { title, version: '1', description },
    ...(hasToken ? { security: [{}, { token: [] }] } : {}),
    ...(Object.keys(components).length === 0 ? {} : { components }),
    paths,
  };
}

/** One of the schemas of the description. */
export function schemaNamed(name: string): ApiSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An answer in JSON that one of the schemas of the description describes. */
export function answerOf(description: string, schema: string): ApiAnswer {
  return { description, content: { 'application/json': { schema: schemaNamed(schema) } } };
}

/** An answer without a body. */
export function answerWithoutBody(description: string): ApiAnswer {
  return { description };
}

/** One method of one path, as OpenAPI has it. */
export interface ApiOperation {
  readonly summary: string;
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, ApiAnswer>>;
}

function operationOf(endpoint: ApiEndpoint): ApiOperation {
  const { path, summary, parameters = [], body, answers, contentType = 'application/json' } = endpoint;
  return {
    summary,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map((one) => parameterOf(one, path)) }),
    ...(body === undefined ? {} : { requestBody: bodyOf(body) }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [
        status,
        typeof answer === 'string' ? sentence(answer, Number(status), contentType) : answer,
      ]),
    ),
  };
}

function sentence(description: string, status: number, contentType: string): ApiAnswer {
  return { description, ...(status < 300 ? { content: { [contentType]: {} } } : {}) };
}

function bodyOf(body: string | ApiBody): object {
  if (typeof body === 'string') return { description: body, content: { 'application/json': { schema: {} } } };
  const { description, required, contentType } = body;
  return { description, required, content: { [contentType]: {} } };
}

function parameterOf({ name, description, required, schema, example }: ApiParameter, path: string): object {
  const isInPath = path.includes(`{${name}}`);
  return {
    name,
    in: isInPath ? 'path' : 'query',
    required: isInPath || (required ?? false),
    description,
    schema: schema ?? { type: 'string' },
    ...(example === undefined ? {} : { example }),
  };
}
