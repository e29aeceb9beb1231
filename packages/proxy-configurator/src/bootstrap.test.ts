import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon';
import type { Parameters } from '@docker-flow/labels';
import { createBootstrap } from './bootstrap.js';
import type { Proxy } from './proxy.js';
import type { StateFile } from './state-file.js';

async function start(parts: {
  readonly environment?: Readonly<Record<string, string>>;
  readonly saved?: readonly Parameters[];
  readonly resume?: () => Promise<void>;
}): Promise<readonly string[]> {
  const steps: string[] = [];
  const stop = new AbortController();
  const proxy = {
    adopt(list: readonly Parameters[]) {
      steps.push(list.map(({ serviceName, port }) => `${serviceName}:${port}`).join(' '));
      stop.abort();
      return Promise.reject(new Error('refused'));
    },
  } as unknown as Proxy;
  const state = { load: () => Promise.resolve(parts.saved ?? []) } as unknown as StateFile;
  const resume =
    parts.resume ??
    (() => {
      steps.push('resumed');
      return Promise.resolve();
    });
  const { environment = {} } = parts;
  await createBootstrap({ environment, state, proxy, resume, logger: silentLogger() }).run(stop.signal);
  return steps;
}

test('what ran before runs first, then all services in one go, those of the environment as it says now', async () => {
  const steps = await start({
    environment: { DFP_SERVICE_SERVICE_NAME: 'a', DFP_SERVICE_PORT: '81' },
    saved: [
      { serviceName: 'a', port: '80' },
      { serviceName: 'b', port: '80' },
    ],
  });
  expect(steps).toEqual(['resumed', 'b:80 a:81']);
});

test('an old configuration that cannot run does not stop the new one, nor does a refused one the program', async () => {
  expect(await start({ resume: () => Promise.reject(new Error('no')) })).toEqual(['']);
});
