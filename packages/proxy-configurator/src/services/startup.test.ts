import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import { prepareFirstRun, type StartupDeps } from './startup.js';

/** What happens in which order. */
async function start(
  { environment = {}, saved = [] }: { environment?: Record<string, string>; saved?: readonly Parameters[] },
  changes: Partial<StartupDeps> = {},
): Promise<readonly string[]> {
  const steps: string[] = [];
  const running = prepareFirstRun(
    {
      requests: {
        async upsertAll(list) {
          steps.push(list.map(({ serviceName, port }) => `${serviceName}:${port}`).join(' '));
          await new Promise((resolve) => setTimeout(resolve, 1));
          steps.push('read');
        },
      },
      resume() {
        steps.push('resumed');
        return Promise.resolve();
      },
      logger: silentLogger(),
      ...changes,
    },
    { environment, saved },
  );
  steps.push('started');
  await running;
  steps.push('ready');
  return steps;
}

test('services are taken before any request can come, and what ran before runs until all of them are read', async () => {
  const steps = await start({
    environment: { DFP_SERVICE_SERVICE_NAME: 'a', DFP_SERVICE_PORT: '81' },
    saved: [
      { serviceName: 'a', port: '80' },
      { serviceName: 'b', port: '80' },
    ],
  });
  expect(steps).toEqual(['b:80 a:81', 'resumed', 'started', 'read', 'ready']);
});

test('an old configuration that cannot run does not stop the new one', async () => {
  const steps = await start({}, { resume: () => Promise.reject(new Error('no')) });
  expect(steps).toEqual(['', 'started', 'read', 'ready']);
});

test('services that cannot be read do not stop the program', async () => {
  const requests = { upsertAll: () => Promise.reject(new Error('no')) };
  expect(await start({}, { requests })).toEqual(['resumed', 'started', 'ready']);
});
