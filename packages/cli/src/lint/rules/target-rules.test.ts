import { expect, test } from '@jest/globals';
import { runCommand, stackOf } from '../../testing/run-command.js';

async function findingsOf(labels: readonly string[]): Promise<readonly string[]> {
  const reserved = 'resources: { reservations: { cpus: "0.5" } }';
  const stack = stackOf({ web: labels }, { web: `replicas: 2\n      ${reserved}` });
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
  [['com.df.scaleOn=@memory', 'com.df.scaleTarget=70%'], ['DF452 com.df.scaleTarget']],
  [['com.df.scaleOn=sum(rate(jobs[1m])', 'com.df.scaleTarget=5'], ['DF450 com.df.scaleOn']],
  [['com.df.scaleOn=jobs[1m]', 'com.df.scaleTarget=5'], ['DF450 com.df.scaleOn']],
  [['com.df.scaleOn=sum(rate(jobs[1m]))', 'com.df.scaleTarget=5', 'com.df.scaleMax=9'], []],
  [['com.df.scaleTarget=5', 'com.df.scaleMax=9'], ['DF451 com.df.scaleTarget']],
  // A target scales: nothing else need be there.
  [['com.df.scaleOn=@requests', 'com.df.scaleTarget=50', 'com.df.scaleMin=1', 'com.df.scaleMax=9'], []],
])('%j', async (labels, expected) => {
  expect(await findingsOf(labels)).toEqual(expected);
});
