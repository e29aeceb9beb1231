#!/usr/bin/env node
// Writes into docs/reference/versions.md with which versions the tests have just passed: one line for each Debian.
//
// Usage: node scripts/versions.mjs TESTS [--file FILE]      TESTS: what was run, in words; called by scripts/test --suite
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string', default: path.join(import.meta.dirname, '../docs/reference/versions.md') },
  },
});
const [tests] = positionals;
if (tests === undefined) {
  console.error('usage: node scripts/versions.mjs TESTS [--file FILE]');
  process.exit(2);
}

const COLUMNS = [
  'Debian',
  'Node',
  'HAProxy',
  'Prometheus',
  'Alertmanager',
  'Docker',
  'Commit',
  'Date',
  'Tests that passed',
];
const HEAD = `# Versions

What the tests last passed with. \`scripts/test --suite SUITE\` runs them inside that Debian, with its servers and, from forky on,
its Node; it writes its line when all have passed. Which versions are promised is said in the [README](../../README.md).

`;

/** The first number with dots in what a program says of itself; a dash where it is not there. */
function versionOf(command, ...args) {
  try {
    const said = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? '–';
  } catch {
    return '–';
  }
}

function debian() {
  const release = readFileSync('/etc/os-release', 'utf8');
  return (
    /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1] ?? /^PRETTY_NAME="(.*)"/m.exec(release)?.[1] ?? 'unknown'
  );
}

const line = [
  debian(),
  process.versions.node,
  versionOf('haproxy', '-v'),
  versionOf('prometheus', '--version'),
  versionOf('prometheus-alertmanager', '--version'),
  versionOf('dockerd', '--version'),
  commit(),
  new Date().toISOString().slice(0, 10),
  tests,
];

function commit() {
  const options = { cwd: path.dirname(values.file), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  const git = (...args) => execFileSync('git', args, options).trim();
  try {
    return git('rev-parse', '--short=7', 'HEAD');
  } catch {
    return '–';
  }
}

const rowOf = (cells) => `| ${cells.join(' | ')} |`;
const before = existsSync(values.file) ? readFileSync(values.file, 'utf8') : '';
const others = before
  .split('\n')
  .filter((row) => /^\| [a-z]+ \| \d/.test(row) && !row.startsWith(`| ${line[0]} |`));
const rows = [...others, rowOf(line)].sort();
writeFileSync(
  values.file,
  `${HEAD}${[rowOf(COLUMNS), rowOf(COLUMNS.map(() => '---')), ...rows].join('\n')}\n`,
);
console.log(rowOf(line));
