import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startFakeAutoScaling, type FakeAutoScaling } from '../testing/auto-scaling.fake.js';
import { createAwsBackend } from './aws.js';

const saved = { ...process.env };
let aws: FakeAutoScaling;

beforeEach(async () => {
  aws = await startFakeAutoScaling([{ name: 'asg-w', desired: 3, min: 0, max: 10 }]);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_AUTO_SCALING: aws.address,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_MAX_ATTEMPTS: '1',
  });
});
afterEach(async () => {
  process.env = { ...saved };
  await aws.close();
});

function backend(timeoutMs?: number) {
  const groups = { worker: 'asg-w', manager: 'asg-m' };
  return createAwsBackend({ region: 'us-east-1', groups, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

test('a group is found behind pages that are empty', async () => {
  aws.emptyPages = 2;
  await expect((await backend()).readGroup('worker')).resolves.toEqual({ count: 3, min: 0, max: 10 });
  await expect((await backend()).readGroup('manager')).rejects.toThrow(
    'Unable to find launch-configuration-name: asg-m',
  );
});

test('an AWS that does not answer is given up after the time limit', async () => {
  aws.isSilent = true;
  await expect((await backend(200)).readGroup('worker')).rejects.toThrow(
    /^Unable to describe-auto-scaling-groups: TimeoutError/,
  );
});
