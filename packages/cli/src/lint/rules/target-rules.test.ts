import { expect, test } from '@jest/globals';
import { runCommand, stackOf } from '../../testing/run-command.js';

async function findingsOf(labels: readonly string[]): Promise<readonly string[]> {
  const stack = stackOf({ web: labels }, { web: 'replicas: 2' });
  const { result } = await runCommand(['lint', '@shop.yml', '--format', 'json'], {
    files: { 'shop.yml': stack },
  });
  const { findings } = JSON.parse(result) as { findings: { code: string; label?: string }[] };
  return findings
    .filter(({ label }) => label?.includes('scale'))
    .map(({ code, label = '' }) => `${code} ${label}`);
}

test.each([
  [['com.df.scaleOn=@cpu', 'com.df.scaleTarget=70%'], []],
  [['com.df.scaleOn=@cpu'], ['DF450 com.df.scaleOn']],
  [['com.df.scaleOn=@cpu', 'com.df.scaleTarget=many'], ['DF101 com.df.scaleTarget']],
  [
    ['com.df.scaleOn=@cpu', 'com.df.scaleTarget=70%', 'com.df.scaleZeroCooldown=5m'],
    ['DF451 com.df.scaleZeroCooldown'],
  ],
  // A target scales: nothing else need be there.
  [['com.df.scaleOn=@requests', 'com.df.scaleTarget=50', 'com.df.scaleMin=1', 'com.df.scaleMax=9'], []],
])('%j', async (labels, expected) => {
  expect(await findingsOf(labels)).toEqual(expected);
});
