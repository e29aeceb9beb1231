import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../..');

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'df-versions-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The cells of the page's table, without its head. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const VERSION = /^\d+(\.\d+)+$/;
const FORM = [
  /^[a-z]+$/,
  VERSION,
  VERSION,
  VERSION,
  VERSION,
  /^(\d+(\.\d+)+|–)$/,
  /^([0-9a-f]{7}|–)$/,
  /^\d{4}-\d\d-\d\d$/,
  /\w/,
];

test('docs/reference/versions.md says of each Debian what was tested with what, and when', () => {
  const rows = rowsOf(readFileSync(path.join(root, 'docs/reference/versions.md'), 'utf8'));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toEqual(FORM.map((form) => expect.stringMatching(form)));
  expect(new Set(rows.map(([debian]) => debian)).size).toBe(rows.length);
});

test('a run writes its own line, and leaves those of others', () => {
  const file = path.join(folder, 'versions.md');
  const other = '| lenny | 20.1.0 | 2.6.1 | 2.42.0 | 0.25.0 | – | 0123abc | 2026-01-01 | unit tests |';
  writeFileSync(file, `| Debian |\n| --- |\n${other}\n`);
  const run = (tests: string) =>
    execFileSync(process.execPath, [path.join(root, 'scripts/versions.mjs'), tests, '--file', file], {
      encoding: 'utf8',
    });
  run('first');
  const said = run('second').trim();
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(other);
  expect(text).toContain(said);
  expect(rowsOf(text)).toHaveLength(2);
  expect(rowsOf(text).map((row) => row.at(-1))).toEqual(expect.arrayContaining(['unit tests', 'second']));
  expect(rowsOf(text).flatMap((row) => row[1])).toContain(process.versions.node);
});
