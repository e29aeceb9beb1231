import { expect, test } from '@jest/globals';
import { runCommand, stackOf } from '../../testing/run-command.js';

const POLICY = JSON.stringify({
  min: 1,
  max: 10,
  metrics: [{ name: 'cpu', per: 'service', type: 'averageValue', target: 50 }],
  behavior: { down: { stabilizationSeconds: 0 } },
});

test('the count follows the decisions, and a recorded one wins unless --follow ignores it', async () => {
  const files = { 'policy.json': POLICY, 'trace.csv': 'time,replicas,cpu\n0,2,200\n15,,200\n30,3,100\n' };
  const args = ['simulate', '--policy', '@policy.json', '--trace', '@trace.csv', '--format', 'json'];
  const stepsOf = async (more: readonly string[]) => {
    const { result } = await runCommand([...args, ...more], { files });
    const { steps } = JSON.parse(result) as { steps: { current: number; desired: number }[] };
    return steps.map(({ current, desired }) => [current, desired]);
  };
  expect(await stepsOf([])).toEqual([
    [2, 4],
    [4, 4],
    [3, 2],
  ]);
  expect(await stepsOf(['--follow'])).toEqual([
    [2, 4],
    [4, 4],
    [4, 2],
  ]);
});

test('the labels of a stack file are the policy, and a percentage column is of the reservation', async () => {
  const stack = stackOf({
    web: ['com.df.scaleOn=@cpu', 'com.df.scaleTarget=50%', 'com.df.scaleMax=8', 'com.df.scaleMin=2'],
  });
  const trace = 'time,replicas,m1\n2026-01-05T08:00:00Z,2,90\n2026-01-05T08:00:15Z,,50\n';
  const { status, result } = await runCommand(
    ['simulate', '@shop.yml', '--service', 'web', '--trace', '@trace.csv'],
    { files: { 'shop.yml': stack, 'trace.csv': trace } },
  );
  expect(status).toBe(0);
  expect(result).toMatch(/2026-01-05T08:00:00Z +2 +4 +scaleUp +m1 90\/50/);
  expect(result).toContain('2 looks: 1 up, 0 down, between 4 and 4 replicas');
  expect(result).toContain('█ replicas   · m1, at most 90');
});

test('without a target, alerts step', async () => {
  const stack = stackOf({ web: ['com.df.scaleMin=2', 'com.df.scaleMax=4', 'com.df.scaleUpBy=2'] });
  const trace = 'time,replicas,scale\n0,2,up\n60,,up\n120,,down\n180,,\n';
  const { result } = await runCommand(
    ['simulate', '@shop.yml', '--service', 'shop_web', '--trace', '@trace.csv', '--format', 'csv'],
    { files: { 'shop.yml': stack, 'trace.csv': trace } },
  );
  expect(result.split('\n').slice(1, 5)).toEqual([
    '0,2,4,scaleUp,,,',
    '60,4,4,steady,,,',
    '120,4,3,scaleDown,,,',
    '180,3,3,steady,,,',
  ]);
});

test.each([
  [['--policy', '@bad.json', '--trace', '@trace.csv'], 'max must be at least 1'],
  [['--policy', '@policy.json', '--trace', '@late.csv'], 'is not later than the one before'],
  [['--policy', '@policy.json', '--trace', '@word.csv'], 'trace.csv:2'.replace('trace', 'word')],
  [['--policy', '@policy.json'], 'give --trace FILE'],
  [['--trace', '@trace.csv'], 'give --policy FILE'],
])('%j cannot be done, and says why', async (args, problem) => {
  const files = {
    'bad.json': '{"max":0}',
    'policy.json': POLICY,
    'trace.csv': 'time,replicas,cpu\n0,2,200\n',
    'late.csv': 'time,replicas,cpu\n15,2,200\n15,2,200\n',
    'word.csv': 'time,replicas,cpu\nyesterday,2,200\n',
  };
  const { status, messages } = await runCommand(['simulate', ...args], { files });
  expect([status, messages]).toEqual([2, expect.stringContaining(problem)]);
});
