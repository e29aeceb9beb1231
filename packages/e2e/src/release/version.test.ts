import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../..');

function release(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'scripts/release.mjs'), ...args],
    { encoding: 'utf8' },
  );
  return { status, said: stdout.trim(), complained: stderr.trim().split('\n') };
}

const { said: version } = release('version');

test('packages, stacks, documents and the changelog have one version', () => {
  expect(release('check', `v${version}`)).toEqual({ status: 0, said: version, complained: [''] });
});

test('a tag of another version is not released', () => {
  const { status, complained } = release('check', 'v9.9.9');
  expect({ status, complained }).toEqual({
    status: 1,
    complained: [`the tag is v9.9.9, package.json says ${version}`],
  });
});

test('notes are the part of the changelog about this version', () => {
  const { said } = release('notes');
  expect(said).toMatch(/^- /);
  expect(said).not.toContain('\n## ');
  expect(readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8')).toContain(said);
});

// A checkout of its own, in which versions may be changed.
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'df-release-'));
  for (const name of [
    'package.json',
    'README.md',
    'CHANGELOG.md',
    'action.yml',
    '.pre-commit-hooks.yaml',
    'docker-bake.hcl',
    'docs',
    'stacks',
    'packages/labels/package.json',
    'packages/labels/README.md',
  ])
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('a version is cut in all places at once', () => {
  const changelog = path.join(copy, 'CHANGELOG.md');
  const before = readFileSync(changelog, 'utf8');
  writeFileSync(
    changelog,
    before.replace('# Changelog\n', '# Changelog\n\n## Unreleased\n\n- Something new.\n'),
  );
  expect(release('cut', '1.0.0-rc.1', '--root', copy)).toMatchObject({ status: 0, said: '1.0.0-rc.1' });
  for (const file of [
    'package.json',
    'packages/labels/package.json',
    'stacks/go-demo.yml',
    'action.yml',
    'docker-bake.hcl',
  ])
    expect([file, readFileSync(path.join(copy, file), 'utf8').includes('1.0.0-rc.1')]).toEqual([file, true]);
  expect(release('notes', '--root', copy).said).toBe('- Something new.');
});

test('a place that was forgotten is named with its line', () => {
  const file = path.join(copy, 'stacks/go-demo.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\$\{TAG:-[^}]+\}/, '${TAG:-latest}'));
  const { status, complained } = release('check', '--root', copy);
  expect(status).toBe(1);
  expect(complained).toContainEqual(
    expect.stringMatching(/^stacks\/go-demo\.yml:\d+ says latest, package\.json /),
  );
});

test('what is no version is not cut', () => {
  expect(release('cut', '1.0', '--root', copy).status).toBe(1);
});
