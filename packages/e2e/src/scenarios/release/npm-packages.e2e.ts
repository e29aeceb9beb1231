// cluster: none
// images: none
// when: asked, because it asks npm for packages of others
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

/** What people get from npm: both packages, installed in an empty folder far from this workspace. */

const run = promisify(execFile);
const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../..');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'df-npm-installed-'));
  await run(process.execPath, [path.join(root, 'scripts/npm-packages.mjs'), path.join(folder, 'made')]);
  const made = (await readdir(path.join(folder, 'made'))).map((file) => `./made/${file}`);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await run('npm', ['install', '--no-audit', '--no-fund', ...made], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('npx dflow lints a stack', async () => {
  const stack =
    'services:\n  api:\n    image: acme/api:1\n    deploy:\n      labels:\n        com.df.notify: "true"\n        com.df.scaleMin: many\n';
  await writeFile(path.join(folder, 'stack.yml'), stack);
  await expect(run('npx', ['dflow', 'lint', 'stack.yml'], { cwd: folder })).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('com.df.scaleMin'),
  });
  const { stdout } = await run('npx', ['dflow', 'labels'], { cwd: folder });
  expect(stdout).toContain('com.df.scaleMin');
});

test('@docker-flow/labels can be imported, with types', async () => {
  await writeFile(
    path.join(folder, 'use.ts'),
    "import { LABEL_PREFIX, parseScalerLabels } from '@docker-flow/labels';\n" +
      "const { issues } = parseScalerLabels('web', { [`${LABEL_PREFIX}scaleMin`]: 'many' });\n" +
      'const labels: readonly string[] = issues.map(({ label }) => label);\nexport { labels };\n',
  );
  const tsc = path.join(root, 'node_modules/.bin/tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2022'];
  await run(tsc, [...options, 'use.ts'], { cwd: folder });
  const { stdout } = await run(
    process.execPath,
    ['--eval', "import('./use.js').then(({ labels }) => console.log(labels.join()))"],
    {
      cwd: folder,
    },
  );
  expect(stdout.trim()).toBe('scaleMin');
});
