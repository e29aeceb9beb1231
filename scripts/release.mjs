#!/usr/bin/env node
// The version that everything is released under, in all places where it stands.
//
// Usage: node scripts/release.mjs version              what package.json says
//        node scripts/release.mjs check [TAG]          the places that say something else; TAG (v1.2.3) is one of them
//        node scripts/release.mjs cut VERSION          writes it everywhere, CHANGELOG.md included, for a commit to be tagged
//        node scripts/release.mjs notes                the part of CHANGELOG.md about it, as text of a GitHub release
//
// --root DIR: another checkout than the one of this script.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string', default: path.join(import.meta.dirname, '..') } },
});
const { root } = values;
const [command, argument] = positionals;

const FORM = /^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/;
const VERSION = '[0-9]+\\.[0-9]+\\.[0-9]+(?:-[0-9A-Za-z.]+)?|latest';

/** Where a version stands: files, and what is around it there. */
const places = [
  { files: ['package.json', ...filesOf('packages', 'package.json')], around: [/^ {2}"version": "/m, /"/] },
  { files: [...below('stacks', '.yml'), ...documents()], around: [/\$\{TAG:-/, /\}/] },
  { files: documents(), around: [/\/docker-flow-(?:[\w-]+|\{[\w,-]+\}):/, /(?![\w.])/] },
  // In the addresses of files and actions of this repository.
  { files: documents(), around: [/docker-flow\/docker-flow(?:\/raw\/|@)v/, /(?![\w.])/] },
  { files: ['docker-bake.hcl'], around: [/variable "TAG" \{\n(?: {2}.*\n)*? {2}default += "/, /"/] },
  { files: documents(), around: [/^ +rev: v/, /$/] },
  { files: ['action.yml'], around: [/^ {2}version:\n(?: {4}.*\n)*? {4}default: /m, /$/m] },
  { files: ['.pre-commit-hooks.yaml'], around: [/docker-flow-cli:/, / /] },
];

/** Every version that stands somewhere: file, line and what it is. */
function found() {
  return places.flatMap(({ files, around: [before, after] }) =>
    files.flatMap((file) => {
      const text = read(file);
      const pattern = new RegExp(`(${before.source})(${VERSION})(?=${after.source})`, 'gm');
      return [...text.matchAll(pattern)].map((match) => ({
        file,
        line: text.slice(0, match.index + match[1].length).split('\n').length,
        version: match[2],
      }));
    }),
  );
}

function check(tag) {
  const version = currentVersion();
  const others = found().filter((place) => place.version !== version);
  const problems = others.map(
    (place) => `${place.file}:${place.line} says ${place.version}, package.json ${version}`,
  );
  if (tag !== undefined && tag !== `v${version}`)
    problems.push(`the tag is ${tag}, package.json says ${version}`);
  if (notesOf(version) === undefined) problems.push(`CHANGELOG.md has no part "## ${version} (date)"`);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
  console.log(version);
}

function cut(version) {
  if (!FORM.test(version ?? '')) throw new Error(`"${version}" is not a version such as 1.2.3`);
  for (const {
    files,
    around: [before, after],
  } of places) {
    const pattern = new RegExp(`(${before.source})(?:${VERSION})(?=${after.source})`, 'gm');
    for (const file of files) {
      const text = read(file);
      const changed = text.replace(pattern, (_all, start) => start + version);
      if (changed !== text) writeFileSync(path.join(root, file), changed);
    }
  }
  const today = new Date().toISOString().slice(0, 10);
  const changelog = read('CHANGELOG.md');
  writeFileSync(
    path.join(root, 'CHANGELOG.md'),
    changelog.replace(/^## Unreleased$/m, `## ${version} (${today})`),
  );
  check();
}

/** The part of the changelog about a version, without its heading. */
function notesOf(version) {
  const parts = read('CHANGELOG.md').split(/^## /m).slice(1);
  const part = parts.find((text) => /^(\S+) \(\d{4}-\d{2}-\d{2}\)\n/.exec(text)?.[1] === version);
  return part?.slice(part.indexOf('\n')).trim();
}

function currentVersion() {
  return JSON.parse(read('package.json')).version;
}

function read(file) {
  return readFileSync(path.join(root, file), 'utf8');
}

function filesOf(folder, name) {
  return readdirSync(path.join(root, folder))
    .map((entry) => `${folder}/${entry}/${name}`)
    .filter((file) => existsSync(path.join(root, file)));
}

/** Pages that people copy commands from. */
function documents() {
  return ['README.md', ...below('docs', '.md'), ...filesOf('packages', 'README.md')];
}

function below(folder, end) {
  return readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => file.endsWith(end) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file}`);
}

switch (command) {
  case 'version':
    console.log(currentVersion());
    break;
  case 'check':
    check(argument);
    break;
  case 'cut':
    cut(argument);
    break;
  case 'notes':
    console.log(notesOf(currentVersion()) ?? '');
    break;
  default:
    console.error('usage: node scripts/release.mjs version | check [TAG] | cut VERSION | notes');
    process.exit(2);
}
