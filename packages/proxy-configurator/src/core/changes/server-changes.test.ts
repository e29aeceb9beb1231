import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Server } from '../model/directives.js';
import { serverChanges, slotsOf } from './server-changes.js';

function server(name: string, address: string | undefined, follow: Server['follow'] = 'controller'): Server {
  return { name, host: 'web', port: 80, address, follow, options: [] };
}

function changes(before: readonly Server[], after: readonly Server[]): readonly string[] {
  const { moves, rests } = serverChanges(new Map([['b', before]]), new Map([['b', after]]));
  return [...moves, ...rests];
}

test('a server moves, a free one begins, one without task rests', () => {
  expect(
    changes(
      [server('a', '10.0.0.1'), server('b', undefined), server('c', '10.0.0.3')],
      [server('a', '10.0.0.9'), server('b', '10.0.0.2'), server('c', undefined)],
    ),
  ).toEqual([
    'set server b/a addr 10.0.0.9 port 80',
    'set server b/b addr 10.0.0.2 port 80',
    'set server b/b state ready',
    'set server b/c state maint',
  ]);
});

test('servers that HAProxy follows itself, and unchanged ones, are left alone', () => {
  expect(changes([server('a', '10.0.0.1', 'resolvers')], [server('a', '10.0.0.2', 'resolvers')])).toEqual([]);
  expect(changes([server('a', '10.0.0.1')], [server('a', '10.0.0.1')])).toEqual([]);
});

test('after the commands every server is where it should be, whatever was before', () => {
  const address = fc.option(fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'), { nil: undefined });
  const lists = fc.array(fc.tuple(address, address), { maxLength: 8 });
  fc.assert(
    fc.property(lists, (pairs) => {
      const before = pairs.map(([one], i) => server(`s${i}`, one));
      const after = pairs.map(([, other], i) => server(`s${i}`, other));
      const running = new Map(before.map(({ name, address: at }) => [name, { at, ready: at !== undefined }]));
      for (const command of changes(before, after)) {
        const [, name = '', at] = /b\/(\S+) (?:addr (\S+)|state)/.exec(command) ?? [];
        const state = running.get(name);
        if (!state) throw new Error(command);
        if (at !== undefined) state.at = at;
        if (command.endsWith('state ready')) state.ready = true;
        if (command.endsWith('state maint')) state.ready = false;
      }
      for (const { name, address: at } of after) {
        expect(running.get(name)?.ready).toBe(at !== undefined);
        // Where a server without an address points does not matter: it takes no requests.
        expect(at === undefined ? undefined : running.get(name)?.at).toBe(at);
      }
    }),
  );
});

test('slots are counted by backend, and by member of a group', () => {
  const group = [server('g-a80_0', '1'), server('g-a80_1', '2'), server('g-b80_0', '3')];
  const slots = slotsOf(new Map([['tcpListen_g_80', group]]));
  expect(Object.fromEntries(slots)).toEqual({
    tcpListen_g_80: 3,
    'tcpListen_g_80/g-a80': 2,
    'tcpListen_g_80/g-b80': 1,
  });
});
