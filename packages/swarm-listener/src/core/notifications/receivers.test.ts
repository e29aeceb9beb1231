import { expect, test } from '@jest/globals';
import { readReceivers, selectReceivers } from './receivers.js';

function read(urls: readonly string[], methods: readonly string[] = ['GET']) {
  return readReceivers({ variable: 'DF_NOTIFY_CREATE_SERVICE_URL', event: 'create', urls, methods });
}

test('an entry that is no address is named and left out; the others work and keep their methods', () => {
  const { receivers, issues } = read(
    ['http://a/x', 'nonsense', 'ftp://b/x', 'http://', 'http://c:99999/', 'http://d/y'],
    ['get', 'post', 'put', 'delete', 'patch', 'head'],
  );
  expect(receivers.map(({ url, method }) => [url, method])).toEqual([
    ['http://a/x', 'GET'],
    ['http://d/y', 'HEAD'],
  ]);
  expect(issues.map(({ variable, value }) => [variable, value])).toEqual(
    ['nonsense', 'ftp://b/x', 'http://', 'http://c:99999/'].map((value) => [
      'DF_NOTIFY_CREATE_SERVICE_URL',
      value,
    ]),
  );
});

test('the last method repeats, surplus methods are ignored', () => {
  const methods = (urls: readonly string[], list: readonly string[]) =>
    read(urls, list).receivers.map(({ method }) => method);
  expect(methods(['http://a/', 'http://b/', 'http://c/'], ['GET', 'POST'])).toEqual(['GET', 'POST', 'POST']);
  expect(methods(['http://a/'], ['PUT', 'POST'])).toEqual(['PUT']);
  expect(methods(['http://a/'], [])).toEqual(['GET']);
});

test('user and password become a header and are in no text that is logged', () => {
  const [receiver] = read(['http://us%40er:p%C3%A4ss@host:81/path?x=1']).receivers;
  expect(receiver?.url).toBe('http://host:81/path?x=1');
  expect(receiver?.authorization).toBe(`Basic ${Buffer.from('us@er:päss').toString('base64')}`);
});

test('a password may hold an @, and nothing of it is taken for the host', () => {
  const [receiver] = read(['http://user:p@ss@host:81/path']).receivers;
  expect(receiver).toMatchObject({ url: 'http://host:81/path', host: 'host:81' });
  expect(receiver?.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
});

test.each([
  ['http://user:p/ss@host/x', 'http://***@host/x'],
  ['ftp://user:p@ss@host/x', 'ftp://***@host/x'],
  ['http://user:secret@', 'http://***@'],
])('%s is named without its password when it cannot be used', (text, shown) => {
  expect(read([text]).issues.map(({ value }) => value)).toEqual([shown]);
});

test('letter case counts in the path of an address, not in its host', () => {
  const { receivers } = read(['http://proxy/Create', 'http://proxy/create']);
  const chosen = selectReceivers(receivers, 'HTTP://Proxy/create').map(({ url }) => url);
  expect(chosen).toEqual(['http://proxy/create']);
});

test('an address with a password can be chosen without naming it', () => {
  const { receivers } = read(['http://user:secret@proxy/create', 'http://proxy/other']);
  expect(selectReceivers(receivers, 'http://proxy/create')).toEqual(receivers.slice(0, 1));
});

test('several addresses on one host are several receivers', () => {
  expect(read(['http://a/x', 'http://a/y']).receivers).toHaveLength(2);
});

test.each([
  ['proxy', ['proxy:8080', 'proxy:9090']],
  ['PROXY', ['proxy:8080', 'proxy:9090']],
  ['proxy:8080', ['proxy:8080']],
  ['http://proxy:9090/create', ['proxy:9090']],
  ['proxy:8080, monitor ', ['proxy:8080', 'monitor']],
  ['', ['proxy:8080', 'proxy:9090', 'monitor']],
  [' , ', ['proxy:8080', 'proxy:9090', 'monitor']],
  [undefined, ['proxy:8080', 'proxy:9090', 'monitor']],
  ['nobody', []],
])('com.df.notifyService=%j chooses %j', (label, hosts) => {
  const { receivers } = read([
    'http://proxy:8080/create',
    'http://proxy:9090/create',
    'http://monitor/create',
  ]);
  expect(selectReceivers(receivers, label).map(({ host }) => host)).toEqual(hosts);
});
