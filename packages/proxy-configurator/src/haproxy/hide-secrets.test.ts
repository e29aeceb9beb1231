import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSecretHider } from './hide-secrets.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test.each([
  [
    'a password',
    '    user me insecure-password hunter2\n',
    "unknown keyword 'hunter2'",
    "unknown keyword '***'",
  ],
  ['a quoted one', "    user me password 'a b''c'\n", "near 'a b''c' in", 'near *** in'],
  ['that of the statistics page', '    stats auth boss:pass-word\n', 'bad pass-word!', 'bad ***!'],
])('%s of the configuration is hidden', (_what, config, said, shown) => {
  const hider = createSecretHider(directory);
  hider.learn(`userlist a\n${config}`);
  expect(hider.hide(said)).toBe(shown);
});

test('what stands in a secret is hidden: lines, passwords behind names, long words', () => {
  writeFileSync(path.join(directory, 'dfp_users_x'), 'me:swordfish\n');
  writeFileSync(path.join(directory, 'api_token'), 'tok-0123456789\n');
  writeFileSync(path.join(directory, 'other'), 'key AAAABBBBCCCCDDDDEEEE end\n');
  const hider = createSecretHider(directory);
  expect(hider.hide("bad 'me:swordfish', swordfish, tok-0123456789, AAAABBBBCCCCDDDDEEEE, key")).toBe(
    "bad '***', ***, ***, ***, key",
  );
});

test('everything else stays, without a directory too', () => {
  const said = "[ALERT] (7) : config : parsing [/cfg/haproxy.cfg:12] : unknown keyword 'nonsense'";
  expect(createSecretHider(directory).hide(said)).toBe(said);
  expect(createSecretHider(path.join(directory, 'none')).hide(said)).toBe(said);
});
