import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../..');

/** Jobs by what is wrong with them: lines of the job, and what is to be said of it. */
const mistakes: Readonly<Record<string, readonly [lines: string, complaint: string]>> = {
  'a job that is not there': ['needs: other\n    steps: [{ run: "true" }]', 'needs job "other"'],
  'a step without a command': ['steps: [{ name: nothing }]', 'step must'],
  'a variable that is not there': [
    'steps: [{ run: "true", if: nothing.here == 1 }]',
    'undefined variable "nothing"',
  ],
  'a mistake in a command': ['steps: [{ run: rm $FILE }]', 'shell: line 1'],
  'an expression in a command': ['steps: [{ run: "echo ${{ github.run_id }}" }]', 'pass it by env'],
};
const right = 'steps: [{ run: \'echo "$HOME"\' }]';

let folder: string;
let run: { readonly status: number | null; readonly stderr: string };
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'df-workflow-'));
  const jobs = [
    ['right', right],
    ...Object.values(mistakes).map(([lines], number) => [`wrong-${number}`, lines]),
  ];
  const files = jobs.map(([name, lines]) => {
    const file = path.join(folder, `${name}.yml`);
    writeFileSync(file, `on: push\njobs:\n  shell:\n    runs-on: ubuntu-24.04\n    ${lines}\n`);
    return file;
  });
  run = spawnSync(process.execPath, [path.join(root, 'scripts/workflow-lint.mjs'), ...files], {
    encoding: 'utf8',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a workflow that GitHub would run has no complaints', () => {
  expect(run.stderr).not.toContain('right.yml');
  expect(run.status).toBe(1);
});

test.each(
  Object.entries(mistakes).map(([what, [, complaint]], number) => ({
    what,
    complaint,
    file: `wrong-${number}.yml`,
  })),
)('$what is found', ({ complaint, file }) => {
  const about = run.stderr.split('\n').filter((line) => line.includes(file));
  expect(about).toEqual([expect.stringContaining(complaint)]);
});
