// cluster: none
// images: none
// when: ci
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

/** A run that may take so many minutes only says what it had no time for. */

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../..');
const run = promisify(execFile);

function e2e(...options: readonly string[]) {
  const env = { ...process.env, DF_E2E_CLUSTER: `tl${process.pid}` };
  return run(path.join(root, 'scripts/e2e'), [...options, 'scaler-chart'], { cwd: root, env });
}

test('when its time is over no file begins, and each is named', async () => {
  const { stderr } = await e2e('--within', '0');
  expect(stderr).toContain(
    'left out, because 0 minutes were over: packages/e2e/src/scenarios/scaler/scaler-chart.e2e.ts',
  );
  expect(stderr).toContain('0 of 1 end-to-end files passed.');
});

test('while there is time they run as ever', async () => {
  const { stderr } = await e2e('--within', '30');
  expect(stderr).not.toContain('left out');
  expect(stderr).toContain('1 of 1 end-to-end files passed.');
});
