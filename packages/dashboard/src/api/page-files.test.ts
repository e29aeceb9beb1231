import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { loadPage } from './page-files.js';

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../..');
const { files, policy } = loadPage(root, new Map([['main.js', Buffer.from('')]]));
const html = files.get('')?.content.toString() ?? '';

test('the one script within the page is allowed by its hash, and no other', () => {
  const scripts = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)].filter(
    ([, about]) => !about?.includes('src='),
  );
  const hashes = scripts.map(([, , text = '']) => createHash('sha256').update(text).digest('base64'));
  expect(hashes).toHaveLength(1);
  expect(policy).toContain(`script-src 'self' 'sha256-${hashes[0] ?? ''}'`);
  expect(policy).not.toContain('unsafe');
});

test('everything the page asks for is there, and comes from here', () => {
  const [, map = '{}'] = /<script type="importmap">([^]*?)<\/script>/.exec(html) ?? [];
  const { imports } = JSON.parse(map) as { readonly imports: Readonly<Record<string, string>> };
  const linked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
  const missing = [...linked, ...Object.values(imports)].filter(
    (address) => !files.has(address.slice('./'.length)),
  );
  expect(missing).toEqual([]);
});

test('a browser gets nothing of the server: only types come from there', () => {
  const sources = path.join(root, 'page', 'src');
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.tsx?$/.test(name),
  );
  const values = names.flatMap((name) => {
    const text = readFileSync(path.join(sources, name), 'utf8');
    return [...text.matchAll(/import (?!type )[^;]*from '[^']*\/src\/[^']*'/g)].map(([line]) => line);
  });
  expect(names.length).toBeGreaterThan(20);
  expect(values).toEqual([]);
});
