import { expect, test } from '@jest/globals';
import { line, raw } from '../model/directives.js';
import { unusedAcls } from './unused-acls.js';

const acl = (name: string) => line('acl', name, 'path', '-m', 'beg', '--', '/x');
const namesIn = (lines: ReturnType<typeof unusedAcls>) =>
  [...lines].flatMap((one) => (one.kind === 'words' ? [one.words[1]] : []));

test('acls that a rule names are used, negated ones as well, and those that raw text names anywhere', () => {
  const rules = [line('use_backend', 'b', 'if', 'url_a', '!domain_a'), raw('http-request deny if url_raw')];
  const lines = [acl('url_a'), acl('domain_a'), acl('url_raw'), acl('url_extra'), acl('unused'), ...rules];
  expect(namesIn(unusedAcls(lines, [raw('http-request deny if !url_extra')]))).toEqual(['unused']);
});

test('an acl that only repeats its own name is not used, and nothing else is found', () => {
  const rest = [line('http-request', 'deny', 'if', 'METH_TRACE'), line('default_backend', 'b')];
  expect(namesIn(unusedAcls([acl('url_a'), acl('url_a'), ...rest], []))).toEqual(['url_a', 'url_a']);
});
