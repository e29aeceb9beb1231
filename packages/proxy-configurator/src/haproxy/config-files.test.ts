import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RenderedConfig } from '../core/text/render.js';
import type { ConfigFiles } from '../ports.js';
import { createConfigFiles } from './config-files.js';

let directory: string;
let live: string;
let files: ConfigFiles;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'config-files-'));
  live = path.join(directory, 'haproxy.cfg');
  files = createConfigFiles(live, path.join(directory, 'tables'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function table(name: string): string {
  return path.join(directory, 'tables', name);
}

function rendered(text: string, tables: Readonly<Record<string, string>> = {}): RenderedConfig {
  return {
    text,
    blocks: [],
    live: new Map(),
    forScripts: new Set(),
    lookups: new Map(),
    tables: new Map(Object.entries(tables).map(([name, content]) => [table(name), content])),
  };
}

test('a staged configuration is not live until it is placed, and readable for its owner only', async () => {
  const staged = await files.stage(rendered('one'));
  expect([readFileSync(staged, 'utf8'), existsSync(live)]).toEqual(['one', false]);
  await files.place();
  expect(await files.read()).toBe('one');
  expect(statSync(live).mode & 0o777).toBe(0o600);
});

test('what was live before can be put back', async () => {
  for (const text of ['one', 'two']) {
    await files.stage(rendered(text));
    await files.place();
  }
  await files.restore();
  expect(await files.read()).toBe('one');
});

test('restoring without anything before leaves what is there', async () => {
  await files.stage(rendered('one'));
  await files.place();
  await files.restore();
  expect(await files.read()).toBe('one');
});

test('tables of the configuration that runs stay while another is staged, and go when it is live', async () => {
  await files.stage(rendered('one', { a: '/x web\n' }));
  await files.place();
  const next = rendered('two', { b: '/y web\n' });
  await files.stage(next);
  expect(readdirSync(path.join(directory, 'tables'))).toEqual(['a', 'b']);
  await files.place();
  await files.clean(next);
  expect(readdirSync(path.join(directory, 'tables'))).toEqual(['b']);
});

test('a table that changes is read by workers, which have fewer rights; all others are not', async () => {
  const live = new Map([[table('replicas.map'), new Map([['web', '0']])]]);
  await files.stage({ ...rendered('one', { 'replicas.map': 'web 0\n', a: '/x web\n' }), live });
  const modes = ['replicas.map', 'a'].map((name) => statSync(table(name)).mode & 0o777);
  expect(modes).toEqual([0o644, 0o600]);
});

test('a table that a crash has left half-written is mended', async () => {
  await files.stage(rendered('one', { a: 'whole\n' }));
  writeFileSync(table('a'), 'wh');
  await files.stage(rendered('one', { a: 'whole\n' }));
  expect(readFileSync(table('a'), 'utf8')).toBe('whole\n');
});

test('without a configuration there is nothing to read', async () => {
  expect(await files.read()).toBeUndefined();
});
