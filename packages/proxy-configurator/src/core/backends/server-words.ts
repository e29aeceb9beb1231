import type { ProxyDestination } from '@docker-flow/labels';
import type { Settings } from '../model/settings.js';

/** What of an address no certificate bears: `10.0.0.1`, `[::1]`. */
const NO_NAME = 'regsub("^(\\\\[.*|[0-9.]+)$","")';
/** The Host header as it is sent, without port; empty, so no server name, where it is an address. */
const HOST_SENT = `req.hdr(host),host_only,${NO_NAME}`;

/** The words of a server line that say how it is spoken to. */
export function connectionWords(destination: ProxyDestination, settings: Settings): readonly string[] {
  const { server, mode } = destination;
  return [
    ...tlsWords(destination, settings),
    ...(mode === 'http' && server.proto === 'h2'
      ? speaksTls(destination)
        ? ['alpn', 'h2']
        : ['proto', 'h2']
      : []),
    ...(server.sendProxy === undefined ? [] : [server.sendProxy === 'v2' ? 'send-proxy-v2' : 'send-proxy']),
    ...(server.maxConn === undefined ? [] : ['maxconn', String(server.maxConn)]),
  ];
}

export function speaksTls({ sslVerifyNone, server }: ProxyDestination): boolean {
  return sslVerifyNone || server.ca !== undefined;
}

function tlsWords(destination: ProxyDestination, { paths }: Settings): readonly string[] {
  const { server, mode } = destination;
  if (!speaksTls(destination)) return [];
  const fixed = fixedServerName(destination);
  const name = fixed === undefined ? (mode === 'http' ? ['sni', HOST_SENT] : []) : ['sni', `str(${fixed})`];
  return [
    'ssl',
    ...(server.ca === undefined
      ? ['verify', 'none']
      : [
          'verify',
          'required',
          'ca-file',
          server.ca === 'system' ? '@system-ca' : `${paths.secrets}/${server.ca}`,
        ]),
    ...name,
  ];
}

/** The name that is the same for every request; absent: the Host header decides, or there is none. */
function fixedServerName({ server, mode, outboundHostname }: ProxyDestination): string | undefined {
  if (server.name !== undefined) return server.name;
  if (mode === 'http' || outboundHostname === undefined) return undefined;
  return /[:]|^[0-9.]+$/.test(outboundHostname) ? undefined : outboundHostname;
}

/** The words that make HAProxy check a server: as often as asked for, and as its requests would come. */
export function checkWords(destination: ProxyDestination): readonly string[] {
  const { health, server, mode } = destination;
  const name = fixedServerName(destination);
  const isTls = speaksTls(destination);
  return [
    'check',
    ...(health.intervalSeconds === undefined ? [] : ['inter', `${health.intervalSeconds}s`]),
    ...(health.rise === undefined ? [] : ['rise', String(health.rise)]),
    ...(health.fall === undefined ? [] : ['fall', String(health.fall)]),
    ...(server.sendProxy === undefined ? [] : ['check-send-proxy']),
    ...(isTls && name !== undefined ? ['check-sni', name] : []),
    ...(mode === 'http' && server.proto === 'h2' && health.path !== undefined
      ? isTls
        ? ['check-alpn', 'h2']
        : ['check-proto', 'h2']
      : []),
  ];
}

/** What counts where each task has a server of its own: a sick one then leaves the others. */
export function taskWords({ health, mode }: ProxyDestination): readonly string[] {
  return [
    ...(health.slowStartSeconds === undefined ? [] : ['slowstart', `${health.slowStartSeconds}s`]),
    ...(health.outlierErrors === undefined || mode !== 'http'
      ? []
      : ['observe', 'layer7', 'error-limit', String(health.outlierErrors), 'on-error', 'mark-down']),
  ];
}
