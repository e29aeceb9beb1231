import { expect, test } from '@jest/globals';
import { parseProxyLabels, type Parameters, type ProxyDestination } from '@docker-flow/labels';
import { settingsOf } from '../../testing/render-services.js';
import { checkWords, connectionWords, taskWords } from './server-words.js';

const settings = settingsOf('/root');

function destinationOf(parameters: Parameters): ProxyDestination {
  const { service } = parseProxyLabels(
    { serviceName: 'web', servicePath: '/', port: '80', ...parameters },
    settings.labels,
  );
  const [destination] = service.destinations;
  if (!destination) throw new Error('no destination');
  return destination;
}

const connection = (parameters: Parameters) => connectionWords(destinationOf(parameters), settings).join(' ');
const HOST = 'sni req.hdr(host),host_only,regsub("^(\\\\[.*|[0-9.]+)$","")';
const TCP = { reqMode: 'tcp', srcPort: '3306' };

test('a service without labels is spoken to as ever', () => {
  expect(connection({})).toBe('');
});

test.each<[Parameters, string]>([
  [{ sslVerifyNone: 'true' }, `ssl verify none ${HOST}`],
  [{ sslVerifyNone: 'true', serverName: 'api.test' }, 'ssl verify none sni str(api.test)'],
  [{ serverCa: 'ca' }, `ssl verify required ca-file /root/run/secrets/ca ${HOST}`],
  [{ serverCa: 'system', sslVerifyNone: 'true' }, `ssl verify required ca-file @system-ca ${HOST}`],
  [{ ...TCP, sslVerifyNone: 'true' }, 'ssl verify none'],
  [{ ...TCP, sslVerifyNone: 'true', outboundHostname: 'db.test' }, 'ssl verify none sni str(db.test)'],
  [{ ...TCP, sslVerifyNone: 'true', outboundHostname: '10.0.0.1' }, 'ssl verify none'],
  [
    { ...TCP, serverCa: 'ca', serverName: 'x.test' },
    'ssl verify required ca-file /root/run/secrets/ca sni str(x.test)',
  ],
])('TLS and its name: %j', (parameters, expected) => {
  expect(connection(parameters)).toBe(expected);
});

test.each<[Parameters, string]>([
  [{ serverProto: 'h2' }, 'proto h2'],
  [
    { serverProto: 'h2', sslVerifyNone: 'true', serverName: 'a.test' },
    'ssl verify none sni str(a.test) alpn h2',
  ],
  [{ ...TCP, serverProto: 'h2' }, ''],
  [{ sendProxy: 'v1' }, 'send-proxy'],
  [{ ...TCP, sendProxy: 'v2', maxConn: '7' }, 'send-proxy-v2 maxconn 7'],
])('protocols and limits: %j', (parameters, expected) => {
  expect(connection(parameters)).toBe(expected);
});

test('checks come as the requests do: with server name, HTTP version and PROXY header', () => {
  const labels = { checkPath: '/up', checkInterval: '9', checkRise: '4', checkFall: '5', serverProto: 'h2' };
  expect(checkWords(destinationOf({ ...labels, sendProxy: 'v2' })).join(' ')).toBe(
    'check inter 9s rise 4 fall 5 check-send-proxy check-proto h2',
  );
  expect(checkWords(destinationOf({ ...labels, serverCa: 'ca', serverName: 'a.test' })).join(' ')).toBe(
    'check inter 9s rise 4 fall 5 check-sni a.test check-alpn h2',
  );
  expect(checkWords(destinationOf({}))).toEqual(['check']);
});

test('slow starts and outliers are for servers of tasks; errors of answers for http alone', () => {
  const labels = { slowStart: '8', outlierErrors: '3' };
  expect(taskWords(destinationOf(labels)).join(' ')).toBe(
    'slowstart 8s observe layer7 error-limit 3 on-error mark-down',
  );
  expect(taskWords(destinationOf({ ...TCP, ...labels })).join(' ')).toBe('slowstart 8s');
});
