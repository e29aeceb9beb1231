import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import { createBootstrap } from './startup.js';
import type { Proxy } from './service-requests.js';

async function start(parts: {
  readonly environment?: Readonly<Record<string, string>>;
  readonly saved?: readonly Parameters[];
  readonly resume?: () => Promise<void>;
}): Promise<readonly string[]> {
  const steps: string[] = [];
  const stop = new AbortController();
  const proxy = {
    async take(list: readonly Parameters[]) {
      steps.push(list.map(({ serviceName, port }) => `${serviceName}:${port}`).join(' '));
      await new Promise((resolve) => setTimeout(resolve, 1));
      steps.push('taken');
    },
    refresh() {
      steps.push('live');
      stop.abort();
      return Promise.reject(new Error('refused'));
    },
  } as unknown as Proxy;
  const resume =
    parts.resume ??
    (() => {
      steps.push('resumed');
      return Promise.resolve();
    });
  const { environment = {}, saved = [] } = parts;
  const bootstrap = createBootstrap({ environment, saved, proxy, resume, logger: silentLogger() });
  void bootstrap.ready.then(() => steps.push('ready'));
  const running = bootstrap.actor.run(stop.signal);
  steps.push('started');
  await running;
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
  expect(steps).toEqual(['b:80 a:81', 'resumed', 'started', 'taken', 'ready', 'live']);
});

test('an old configuration that cannot run does not stop the new one, nor does a refused one the program', async () => {
  const steps = await start({ resume: () => Promise.reject(new Error('no')) });
  expect(steps).toEqual(['', 'started', 'taken', 'ready', 'live']);
});
