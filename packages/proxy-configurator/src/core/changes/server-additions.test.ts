import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Server } from '../model/directives.js';
import {
  additionCommands,
  hasFreeServers,
  hasServerDefaults,
  removalCommand,
  serverAdditions,
  spareServers,
  withoutServers,
} from './server-additions.js';

function server(name: string, more: Partial<Server> = {}): Server {
  return { name, host: 'web', port: 80, address: '10.0.0.1', follow: 'controller', options: [], ...more };
}

const of = (...servers: readonly Server[]) => new Map([['b', servers]]);
const NEWEST = [3, 2] as const;

test.each<[string, readonly Server[]]>([
  ['another server in its place', [server('a', { port: 81 }), server('b')]],
  ['one that is gone', [server('b')]],
  ['one that HAProxy asks resolvers for', [server('a'), server('b', { follow: 'resolvers' })]],
  ['one that cannot be said on a socket', [server('a'), server('b', { options: ['x\ny'] })]],
])('%s needs a reload', (_what, after) => {
  expect(serverAdditions(of(server('a')), of(...after), NEWEST)).toBeUndefined();
});

test('other backends need a reload', () => {
  expect(serverAdditions(new Map(), of(server('a')), NEWEST)).toBeUndefined();
  expect(serverAdditions(new Map([['c', []]]), of(server('a')), NEWEST)).toBeUndefined();
});

test.each([
  [[2, 4], [], false],
  [[2, 6], [], true],
  [[2, 9], ['cookie', 'x'], false],
  [[3, 0], ['cookie', 'x'], true],
] as const)('HAProxy %j takes a server with %j: %s', (version, options, takes) => {
  const added = serverAdditions(of(server('a')), of(server('a'), server('b', { options })), version);
  expect(added !== undefined).toBe(takes);
});

test('a new server is made, checked, and begins when there is a task for it', () => {
  const options = ['check', 'inter', '2s', 'sni', 'regsub("^(\\\\[.*)$","")'];
  const one = { section: 'b', server: server('a_4', { address: 'fd00::1', options }) };
  expect(additionCommands(one)).toEqual([
    'add server b/a_4 [fd00::1]:80 check inter 2s sni regsub("^(\\\\\\\\[.*)$","")',
    'enable health b/a_4',
    'set server b/a_4 state ready',
  ]);
  expect(additionCommands({ section: 'b', server: server('a_5', { address: undefined }) })).toEqual([
    'add server b/a_5 127.0.0.1:80',
  ]);
});

test('no word of a server begins another command', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, word) => {
      const added = serverAdditions(of(), of(server(name, { options: [word] })), NEWEST) ?? [];
      for (const command of added.flatMap(additionCommands)) {
        expect(command.replace(/\\./g, '')).not.toMatch(/[;\n\\]|<</);
      }
    }),
  );
});

test('spare servers are those without a task beyond what is needed, the last first', () => {
  const free = { address: undefined };
  const running = of(
    ...[server('a0'), server('a1', free), server('a2', free), server('a3', free)],
    ...[server('a4', free), server('a5'), server('a6', free), server('a7', { ...free, follow: 'resolvers' })],
  );
  const spare = spareServers(running, of(server('a0'), server('a1')), NEWEST);
  expect(spare.map(removalCommand)).toEqual(['del server b/a6', 'del server b/a4']);
  expect(withoutServers(running, spare).get('b')).toHaveLength(6);
  expect(spareServers(running, of(server('a0')), [2, 9])).toEqual([]);
  expect(hasFreeServers(running)).toBe(true);
  expect(hasFreeServers(of(server('a'), server('b', free)))).toBe(false);
});

test.each([
  ['defaults\n    default-server init-addr last,libc,none\n', false],
  ['backend b\n    default-server maxconn 3\n', true],
  ['backend b\n    server default-server a:80\n', false],
])('%j says something of all servers: %s', (text, says) => expect(hasServerDefaults(text)).toBe(says));
