import { expect, test } from '@jest/globals';
import { readProcesses } from './show-proc.js';

const ANSWER_2_6 = `#<PID>          <type>          <reloads>       <uptime>        <version>
3215            master          2               0d00h01m10s     2.6.12-1+deb12u2
# workers
3300            worker          0               0d00h00m05s     2.6.12-1+deb12u2
# old workers
3216            worker          2               0d00h01m10s     2.6.12-1+deb12u2
3255            worker          1               0d00h00m40s     2.6.12-1+deb12u2
# programs
`;

test('tells workers that serve from workers that finish', () => {
  expect(readProcesses(ANSWER_2_6)).toEqual({
    master: 3215,
    failedReloads: 0,
    workers: [3300],
    oldWorkers: [3216, 3255],
  });
});

test('counts failed reloads', () => {
  const text = ANSWER_2_6.replace('2               0d00h01m10s', '5 [failed: 3]   0d00h01m10s');
  expect(readProcesses(text)?.failedReloads).toBe(3);
});

test('after a reload that failed the newest of the old workers is the one that serves', () => {
  const text = `#<PID>          <type>          <reloads>       <uptime>        <version>
14574           master          4 [failed: 1]   0d00h00m06s     3.2.26-1
# workers
# old workers
14500           worker          3               0d00h00m06s     3.2.26-1
14578           worker          1               0d00h00m05s     3.2.26-1
`;
  expect(readProcesses(text)).toMatchObject({ failedReloads: 1, workers: [14578], oldWorkers: [14500] });
});

test('an answer that is none is none', () => {
  expect(readProcesses('')).toBeUndefined();
  expect(readProcesses('Unknown command')).toBeUndefined();
});
