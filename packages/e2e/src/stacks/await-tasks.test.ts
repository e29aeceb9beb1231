import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

/** What scripts/deploy waits for; `production` and `upgrade` run it on a real Swarm. */

const SCRIPTS = fileURLToPath(new URL('../../../../scripts/lib', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'await-tasks-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Each element is what Docker says at one look: counts of tasks, and the state of the update of the one service. */
function waited(looks: readonly (readonly [replicas: string, update: string])[]) {
  looks.forEach(([replicas, update], i) => {
    writeFileSync(path.join(folder, `replicas-${i}`), `flow_proxy ${replicas}\n`);
    writeFileSync(path.join(folder, `update-${i}`), `flow_proxy ${update}\n`);
  });
  // A look begins with the question for counts; sleeping is what lies between two looks.
  const script = `
    . "$0/messages.sh"; . "$0/await-tasks.sh"
    cd "${folder}"; echo 0 >look
    sleep() { echo $(($(cat look) + 1)) >look; }
    docker() {
      case "$*" in
        "stack services --format {{.Name}} {{.Replicas}} flow") cat "replicas-$(cat look)" ;;
        "stack services --format {{.Name}} flow") echo flow_proxy ;;
        "service inspect "*) cat "update-$(cat look)" ;;
        "service ps "*) echo "  node-1 Starting" ;;
        *) echo "unexpected: docker $*" >&2; return 1 ;;
      esac
    }
    await_tasks 1 flow; echo "looked $(($(cat look) + 1)) times" >&2`;
  const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script, SCRIPTS], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  return { status, stderr };
}

test('until all tasks run', () => {
  const { status, stderr } = waited([
    ['0/2', ''],
    ['1/2', ''],
    ['2/2', ''],
  ]);
  expect(stderr).toContain('looked 3 times');
  expect(status).toBe(0);
});

test('until an update is over, although all tasks run meanwhile', () => {
  const { status, stderr } = waited([
    ['2/2', 'updating update in progress'],
    ['2/2', 'rollback_started update rolled back'],
    ['2/2', 'completed update completed'],
  ]);
  expect(stderr).toContain('looked 3 times');
  expect(status).toBe(0);
});

test('an update that has stopped is told at once, with the reason', () => {
  const { status, stderr } = waited([['1/2', 'paused update paused due to failure or early termination of task 7w']]);
  expect(stderr).toContain('an update has stopped: flow_proxy paused update paused due to failure or early');
  expect(status).not.toBe(0);
});
