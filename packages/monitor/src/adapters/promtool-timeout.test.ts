import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { acceptedAlerts } from '../core/services/monitor-state.js';
import { composeFiles, composeState } from '../testing/world.js';
import { createPromtool, type Promtool } from './promtool.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'promtool-timeout-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LATE = 'promtool cannot check it within 1 s';

/** A program in the place of promtool, with a second for each check. */
async function promtoolLike(script: string): Promise<Promtool> {
  const command = path.join(folder, 'stand-in');
  await writeFile(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return createPromtool({
    root: fileRoot(''),
    features: undefined,
    logger: silentLogger(),
    temporaryDirectory: folder,
    command,
    timeoutMs: 1_000,
  });
}

const service = { serviceName: 'a', alertName: 'x', alertIf: 'slow > 1' };

test('an alert that takes too long is rejected, and no other', async () => {
  const promtool = await promtoolLike('grep -qs slow "$@" && exec sleep 60; exit 0');
  const services = [service, { serviceName: 'b', alertName: 'x', alertIf: 'up' }];
  const alerts = [...composeState({ services }).services.values()].flatMap(acceptedAlerts);
  expect([...(await promtool.checkAlerts(alerts))]).toEqual([[alerts[0], LATE]]);
});

test('files that take too long are rejected', async () => {
  const promtool = await promtoolLike('case "$3" in *prometheus.yml) exec sleep 60;; esac');
  const { files, rendered } = composeFiles({ services: [service] });
  expect(await promtool.check(files, rendered)).toBe(LATE);
  expect(promtool.isPossible()).toBe(true);
});

test('nothing is rejected when promtool never ends in time: nobody can tell', async () => {
  const promtool = await promtoolLike('exec sleep 60');
  const { files, rendered } = composeFiles({ services: [service] });
  expect(await promtool.check(files, rendered)).toBeUndefined();
  expect(promtool.isPossible()).toBe(false);
});
