import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

// npm-packages.e2e.ts installs what is made from npm itself; here its dependencies are those of the workspace.
const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../..');
const manifestOf = (file: string) =>
  JSON.parse(readFileSync(file, 'utf8')) as {
    readonly private?: boolean;
    readonly version: string;
    readonly repository?: { readonly directory: string };
    readonly publishConfig?: { readonly access: string };
    readonly dependencies?: Readonly<Record<string, string>>;
  };

let folder: string;
let dflow: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'df-npm-test-'));
  execFileSync(process.execPath, [path.join(root, 'scripts/npm-packages.mjs'), folder, 'cli'], {
    stdio: 'pipe',
  });
  const [tarball = ''] = readdirSync(folder);
  execFileSync('tar', ['-xzf', path.join(folder, tarball), '-C', folder]);
  const { dependencies = {} } = manifestOf(path.join(folder, 'package/package.json'));
  for (const name of Object.keys(dependencies)) {
    const link = path.join(folder, 'package/node_modules', name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(folderOf(name), link);
  }
  dflow = path.join(folder, 'package/dist/bin/main.js');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where the workspace has this package. */
function folderOf(name: string): string {
  const found = readdirSync(path.join(root, 'packages'))
    .map((own) => path.join(root, 'packages', own, 'node_modules', name))
    .find((place) => existsSync(place));
  return found ?? `${name} is not installed`;
}

function run(args: readonly string[], stack = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [dflow, ...args], {
    input: stack,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

const stack = (label: string) =>
  `version: "3.8"\nservices:\n  api:\n    image: acme/api:1\n    deploy:\n      labels:\n        - com.df.notify=true\n        - ${label}\n`;

test('the package of dflow needs none of this workspace', () => {
  const { dependencies } = manifestOf(path.join(folder, 'package/package.json'));
  expect(Object.keys(dependencies ?? {})).toContain('commander');
  expect(
    Object.entries(dependencies ?? {}).filter((entry) => /docker-flow|workspace/.test(entry.join())),
  ).toEqual([]);
});

test('dflow runs out of its package: version, lint, and the scripts that HAProxy loads', () => {
  expect(run(['--version']).said.trim()).toBe(manifestOf(path.join(root, 'package.json')).version);
  expect(run(['lint', '-'], stack('com.df.scaleMin=many'))).toEqual({
    status: 1,
    said: expect.stringContaining('com.df.scaleMin'),
  });
  writeFileSync(path.join(folder, 'stack.yml'), stack('com.df.alertIf=up{ == 1'));
  expect(run(['lint', path.join(folder, 'stack.yml')]).status).toBe(1);
  expect(readdirSync(path.join(folder, 'package/lua'))).toEqual(
    readdirSync(path.join(root, 'packages/proxy-configurator/lua')),
  );
});

test.each(['labels', 'cli'])('packages/%s says what npm wants to know, all others stay here', (name) => {
  const manifest = manifestOf(path.join(root, 'packages', name, 'package.json'));
  expect(manifest).toMatchObject({
    license: 'MIT',
    engines: { node: '>=20' },
    repository: { directory: `packages/${name}` },
    publishConfig: { access: 'public' },
  });
  const open = readdirSync(path.join(root, 'packages')).filter(
    (other) => manifestOf(path.join(root, 'packages', other, 'package.json')).private !== true,
  );
  expect(open.sort()).toEqual(['cli', 'labels']);
});
