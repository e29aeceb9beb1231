export interface ApiParameter {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  /** Of a query unless the path has it in braces. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

/** What one path answers to one method. */
export interface ApiEndpoint {
  /** `any`: every method does what GET does. */
  readonly method: 'any' | 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parts that vary in braces: `/v1/activities/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly parameters?: readonly ApiParameter[];
  /** What may be sent as JSON. */
  readonly body?: string;
  /** By status. */
  readonly answers: Readonly<Record<number, string>>;
  /** Of successful answers; `application/json` when absent. */
  readonly contentType?: string;
}

export interface ApiDescription {
  readonly title: string;
  readonly description: string;
  /** Whether there is a token that callers may have to show. */
  readonly hasToken?: boolean;
  readonly endpoints: readonly ApiEndpoint[];
}

/** The OpenAPI description of an API. */
export function describeApi({ title, description, hasToken = false, endpoints }: ApiDescription) {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    const method = endpoint.method === 'any' ? 'get' : endpoint.method.toLowerCase();
    (paths[endpoint.path] ??= {})[method] = operationOf(endpoint);
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1', description },
    ...(hasToken
      ? {
          security: [{}, { token: [] }],
          components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
        }
      : {}),
    paths,
  };
}

function operationOf(endpoint: ApiEndpoint): object {
  const { path, summary, parameters = [], body, answers, contentType = 'application/json' } = endpoint;
  return {
    summary,
    ...(parameters.length === 0 ? {} : { parameters: parameters.map((one) => parameterOf(one, path)) }),
    ...(body === undefined
      ? {}
      : { requestBody: { description: body, content: { 'application/json': { schema: {} } } } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, description]) => [
        status,
        { description, ...(Number(status) < 300 ? { content: { [contentType]: {} } } : {}) },
      ]),
    ),
  };
}

function parameterOf({ name, description, required, schema }: ApiParameter, path: string): object {
  const isInPath = path.includes(`{${name}}`);
  return {
    name,
    in: isInPath ? 'path' : 'query',
    required: isInPath || (required ?? false),
    description,
    schema: schema ?? { type: 'string' },
  };
}
