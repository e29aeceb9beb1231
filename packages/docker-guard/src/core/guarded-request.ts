/** What the scaler may ask Docker; there is nothing else. */
export type GuardedRequest =
  | {
      readonly kind: 'read';
      /** Below the version prefix. */
      readonly path: string;
      /** With version prefix. */
      readonly fullPath: string;
      readonly query: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'update';
      readonly prefix: string;
      /** Name or id. */
      readonly service: string;
      /** The version of the service that the caller has read; as digits, since it is 64 bits wide. */
      readonly version: string;
    };

export type Verdict =
  | { readonly allowed: true; readonly request: GuardedRequest }
  | { readonly allowed: false; readonly reason: string };

export interface RawRequest {
  readonly method: string;
  /** The target of the request line, as it came. */
  readonly target: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The query keys of each read. */
const READS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/_ping', []],
  ['/version', []],
  ['/info', []],
  ['/services', ['filters', 'status']],
  ['/services/{}', ['insertDefaults']],
  ['/tasks', ['filters']],
  ['/nodes', ['filters']],
  ['/nodes/{}', []],
  ['/events', ['filters', 'since', 'until']],
]);
const UPDATE = '/services/{}/update';
/** All that is allowed, as `METHOD /path`; `{}` stands for a name or an id. */
export const GUARDED_ROUTES: readonly string[] = [
  ...[...READS.keys()].map((path) => `GET ${path}`),
  `POST ${UPDATE}`,
];
const UPDATE_KEYS = ['version', 'registryAuthFrom'];

/** Of these kinds things are told by events; those of containers tell what people execute in them. */
const EVENT_TYPES = ['service', 'node'];

/** No percent sign, no dot segment, no doubled slash: one way to write each path, so nobody reads it otherwise. */
const TARGET = /^(\/v[0-9]{1,3}\.[0-9]{1,3})?((?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*){1,3})(?:\?([\x21-\x7e]*))?$/;
/** Docker's numbers of versions have 64 bits. */
const VERSION = /^[1-9][0-9]{0,19}$/;

/** Decides by method, target and headers alone; what an update changes is looked at afterwards. */
export function judgeRequest({ method, target, headers }: RawRequest): Verdict {
  if (method !== 'GET' && method !== 'POST') return rejected(`${method} is not allowed`);
  if (headers['upgrade'] !== undefined) return rejected('connections are not upgraded');
  const match = TARGET.exec(target);
  if (match?.[2] === undefined) return rejected('this path is not allowed');
  const [, prefix = '', path, search] = match;
  const query = readQuery(search);
  if (query === undefined) return rejected('the query cannot be read, or has a key twice');
  return method === 'GET' ? judgeRead(prefix, path, query, headers) : judgeUpdate(prefix, path, query);
}

type Query = ReadonlyMap<string, string>;

function judgeRead(prefix: string, path: string, query: Query, headers: RawRequest['headers']): Verdict {
  const keys = READS.get(patternOf(path));
  if (keys === undefined) return rejected(`GET ${path} is not allowed`);
  const unknown = unknownKey(query, keys);
  if (unknown !== undefined) return rejected(`GET ${path} is not allowed with ${unknown}`);
  if (hasBody(headers)) return rejected('GET is not allowed with a body');
  if (path === '/events' && !isOfTypes(query.get('filters'), EVENT_TYPES))
    return rejected(`events are allowed with a filter of type ${EVENT_TYPES.join(' or ')}`);
  const request = {
    kind: 'read',
    path,
    fullPath: `${prefix}${path}`,
    query: Object.fromEntries(query),
  } as const;
  return { allowed: true, request };
}

function judgeUpdate(prefix: string, path: string, query: Query): Verdict {
  if (patternOf(path) !== UPDATE) return rejected(`POST ${path} is not allowed`);
  const unknown = unknownKey(query, UPDATE_KEYS);
  if (unknown !== undefined) return rejected(`an update is not allowed with ${unknown}`);
  const version = query.get('version') ?? '';
  if (!VERSION.test(version)) return rejected('an update must say the version of the service');
  if ((query.get('registryAuthFrom') ?? 'spec') !== 'spec')
    return rejected('an update is allowed with registryAuthFrom=spec only');
  const service = path.split('/')[2] ?? '';
  return { allowed: true, request: { kind: 'update', prefix, service, version } };
}

function rejected(reason: string): Verdict {
  return { allowed: false, reason };
}

/** `/services/web/update` becomes `/services/{}/update`. */
function patternOf(path: string): string {
  const [, first = '', second, third] = path.split('/');
  return `/${first}${second === undefined ? '' : '/{}'}${third === undefined ? '' : `/${third}`}`;
}

/** `undefined` when a key is there twice: who reads on may take the other one. */
function readQuery(search: string | undefined): Query | undefined {
  const query = new Map<string, string>();
  // Go treats a semicolon in its own way.
  if (search?.includes(';')) return undefined;
  for (const [key, value] of new URLSearchParams(search ?? '')) {
    if (query.has(key)) return undefined;
    query.set(key, value);
  }
  return query;
}

function unknownKey(query: Query, known: readonly string[]): string | undefined {
  return [...query.keys()].find((key) => !known.includes(key));
}

function hasBody(headers: RawRequest['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function isOfTypes(filters: string | undefined, types: readonly string[]): boolean {
  try {
    const { type } = JSON.parse(filters ?? '') as { type?: unknown };
    // Docker takes `["service"]`, and of old `{"service":true}`.
    const wanted: readonly unknown[] = Array.isArray(type) ? type : [];
    return wanted.length > 0 && wanted.every((one) => types.some((known) => known === one));
  } catch {
    return false;
  }
}
