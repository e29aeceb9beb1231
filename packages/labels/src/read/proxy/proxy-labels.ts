import { readInteger } from '../label-values.js';
import type { Parameters } from '../../wire/notification.js';
import { parsed, unreadable, type Issue, type Parsed } from '../parsed.js';
import { destinationIndexes, readDestination, readMode } from './destinations.js';
import { readDomainAlgo } from './fetch-expressions.js';
import { createParameterReader, type ParameterReader } from './parameter-reader.js';
import type { HeaderChanges, PathRewrite, ProxyLabelDefaults, ProxyService } from './proxy-service.js';
import { findRefusal, type ProxyRefusal } from './refusal.js';
import { readUserEntries } from './user-entries.js';
import { readName, readOneLine, readRawLine } from './value-rules.js';

/** A service's parameters, read. With a `refusal` the service must not be routed as it is. */
export interface ParsedProxyService {
  readonly service: ProxyService;
  readonly refusal: ProxyRefusal | undefined;
  /** What was read as if it were absent. */
  readonly warnings: readonly Issue[];
}

/** Reads the parameters of one service (labels without `com.df.`). Never throws; unknown names are ignored. */
export function parseProxyLabels(parameters: Parameters, defaults: ProxyLabelDefaults): ParsedProxyService {
  const named = parameters['serviceName'] ?? '';
  const reader = createParameterReader(named, parameters, defaults.separator);
  const name = reader.value('serviceName', readName) ?? named;
  const first = readFirstRewrite(reader);
  const users = readUsers(reader);
  const service: ProxyService = {
    name,
    aclName: reader.value('aclName', readName) ?? name,
    distribute: reader.boolean('distribute') ?? false,
    replicas: readReplicas(reader),
    proxyInstanceName: reader.value('proxyInstanceName', readOneLine),
    isDefaultBackend: reader.boolean('isDefaultBackend') ?? false,
    domainAlgo:
      reader.boolean('serviceDomainMatchAll') === true
        ? 'hdr_dom(host)'
        : reader.value('serviceDomainAlgo', readDomainAlgo),
    requestHeaders: readHeaderChanges(reader, {
      add: reader.raw('addReqHeader') === undefined ? 'addHeader' : 'addReqHeader',
      set: reader.raw('setReqHeader') === undefined ? 'setHeader' : 'setReqHeader',
      del: 'delReqHeader',
    }),
    responseHeaders: readHeaderChanges(reader, {
      add: 'addResHeader',
      set: 'setResHeader',
      del: 'delResHeader',
    }),
    backendExtra: reader.value('backendExtra', readRawLine),
    connectionMode: reader.value('connectionMode', readConnectionMode),
    compressionAlgo: reader.value('compressionAlgo', readCompressionAlgo) ?? [],
    compressionTypes: (reader.value('compressionType', readOneLine) ?? '').split(/\s+/).filter(Boolean),
    checkResolvers: reader.boolean('checkResolvers'),
    discovery: reader.raw('discoveryType') === 'DNS' ? 'dns' : 'overlay',
    sessionType: reader.value('sessionType', readOneLine),
    certificate: reader.raw('serviceCert')?.replaceAll('\\n', '\n'),
    ...users,
    redirectWhenHttpProto: reader.boolean('redirectWhenHttpProto') ?? false,
    redirectUnlessHttpsProto: reader.boolean('redirectUnlessHttpsProto') ?? false,
    templateFePath: reader.value('templateFePath', readOneLine),
    templateBePath: reader.value('templateBePath', readOneLine),
    pathSearch: first?.search,
    pathReplace: first?.replace,
    destinations: destinationIndexes(parameters).map((index) =>
      readDestination(reader, index, defaults, first ? [first] : []),
    ),
  };
  return {
    service,
    refusal: findRefusal(service, reader.refusals, readMode(reader, undefined, defaults)),
    warnings: reader.warnings,
  };
}

/** More servers than that are never provided for one service. */
const MAX_REPLICAS = 100_000;

/** Absent or below 0 means a global service; what is no number counts as 0, which removes the service. */
function readReplicas(reader: ParameterReader): number | undefined {
  const text = reader.raw('replicas');
  if (text === undefined) return undefined;
  const result = readInteger(text.trim());
  if (result.ok) return result.value < 0 ? undefined : Math.min(result.value, MAX_REPLICAS);
  reader.warn('replicas', undefined, `${result.problem} and counts as 0`, result.expected);
  return 0;
}

function readFirstRewrite(reader: ParameterReader): PathRewrite | undefined {
  const search = reader.value('reqPathSearch', readOneLine);
  if (search === undefined) return undefined;
  return { search, replace: reader.value('reqPathReplace', readOneLine) ?? '', flags: '' };
}

function readUsers(reader: ParameterReader): Pick<ProxyService, 'users' | 'usersSecret' | 'usersEncrypted'> {
  const text = reader.raw('users') ?? '';
  const { users, dropped } = readUserEntries(text, { nameOnly: true });
  if (dropped > 0) {
    // The value holds passwords, so it is not repeated.
    reader.warnings.push({
      service: reader.raw('serviceName') ?? '',
      label: 'users',
      value: '',
      problem: `has ${dropped} unusable ${dropped === 1 ? 'entry' : 'entries'}`,
      expected: 'name:password entries',
    });
  }
  return {
    // Somebody who wrote only unusable entries still wants the service locked.
    users: users.length === 0 && dropped > 0 ? [{ name: 'nobody', password: undefined }] : users,
    usersSecret: reader.value('usersSecret', readSecretName),
    usersEncrypted: reader.boolean('usersPassEncrypted') ?? false,
  };
}

function readSecretName(text: string): Parsed<string> {
  return /^[A-Za-z0-9_.-]{1,200}$/.test(text) && !text.startsWith('.')
    ? parsed(text)
    : unreadable('is no name of a secret', 'letters, digits and _ . -');
}

type HeaderLabel =
  | 'addReqHeader'
  | 'setReqHeader'
  | 'delReqHeader'
  | 'addHeader'
  | 'setHeader'
  | 'addResHeader'
  | 'setResHeader'
  | 'delResHeader';

function readHeaderChanges(
  reader: ParameterReader,
  names: Readonly<Record<keyof HeaderChanges, HeaderLabel>>,
): HeaderChanges {
  return {
    add: reader.list(names.add, parsed),
    set: reader.list(names.set, parsed),
    del: reader.list(names.del, parsed),
  };
}

const CONNECTION_MODES = new Set([
  'http-keep-alive',
  'http-server-close',
  'httpclose',
  'http-pretend-keepalive',
  'forceclose',
  'http-tunnel',
]);

function readConnectionMode(text: string): Parsed<string> {
  return CONNECTION_MODES.has(text)
    ? parsed(text)
    : unreadable('is no connection mode', [...CONNECTION_MODES].join(', '));
}

const COMPRESSION_ALGOS = new Set(['gzip', 'deflate', 'raw-deflate', 'identity']);

function readCompressionAlgo(text: string): Parsed<readonly string[]> {
  const words = text.split(/\s+/);
  return words.every((word) => COMPRESSION_ALGOS.has(word))
    ? parsed(words)
    : unreadable('is no compression algorithm', [...COMPRESSION_ALGOS].join(', '));
}
