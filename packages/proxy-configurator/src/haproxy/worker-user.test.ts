import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { whyNotTaken } from './worker-user.js';

const { uid, gid } = userInfo();
const me = { name: 'haproxy', uid, gid, group: 'haproxy' };

test('a user that can be taken and reaches the folder is no problem', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'worker-user-'));
  expect(await whyNotTaken(me, folder)).toBeUndefined();
  await rm(folder, { recursive: true });
});

test('a folder that is not there is told', async () => {
  expect(await whyNotTaken(me, '/not/there')).toBe('user haproxy cannot reach /not/there, where sockets are');
});

// As in a user namespace that does not know the user: the program goes on without it.
test('a user that the kernel does not let us become is told, and nothing is thrown', async () => {
  expect(await whyNotTaken({ ...me, uid: -1 }, '/')).toMatch(
    /^user haproxy cannot be taken: (?:Error: )?spawn (?:EINVAL|EPERM)$/,
  );
});
