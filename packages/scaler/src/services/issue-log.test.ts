import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Issue } from '@docker-flow/labels';
import { createIssueLog } from './issue-log.js';

const BOUNDS: Issue = {
  service: 'web',
  label: 'com.df.scaleMin',
  value: '6',
  problem: 'is above the maximum of 3 (label com.df.scaleMax), which wins',
  expected: 'a number that is not above the maximum',
};

test('what labels get wrong is in the log once, again after it was right, and counted as long as it is so', () => {
  const lines: string[] = [];
  const counts = new Map<string, number | undefined>();
  const log = createIssueLog({
    logger: { ...silentLogger(), warn: (_message, fields) => lines.push(String(fields?.['issue'])) },
    metrics: { labelIssues: (service, count) => void counts.set(service, count) },
  });
  log.told('web', []);
  expect(counts.size).toBe(0);
  log.told('web', [BOUNDS]);
  log.told('web', [BOUNDS]);
  expect([lines, counts.get('web')]).toEqual([
    [expect.stringContaining('com.df.scaleMin="6" is above the maximum of 3')],
    1,
  ]);
  log.told('web', []);
  expect(counts.get('web')).toBe(0);
  log.told('web', [BOUNDS]);
  expect(lines).toHaveLength(2);
  log.forget('web');
  expect(counts.get('web')).toBeUndefined();
  log.told('web', [BOUNDS]);
  expect(lines).toHaveLength(3);
});
