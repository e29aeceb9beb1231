import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePorts } from '@docker-flow/testkit';
import { runCommand, stackOf } from '../../testing/run-command.js';

/** The past of a real Prometheus: ten minutes in which each of two tasks used a tenth, then three tenths of a core. */

const FROM = Math.floor(Date.now() / 1_000 / 60) * 60 - 3_600;
const CALM_S = 300;
const ALL_S = 600;
const EVERY_S = 5;

let folder: string;
let prometheus: ChildProcess;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'dflow-prometheus-'));
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('past.om'), past());
  writeFileSync(file('prometheus.yml'), '{}\n');
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', file('past.om'), file('data')], {
    stdio: 'pipe',
  });
  const [port = 0] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  prometheus = spawn(
    'prometheus',
    [
      `--config.file=${file('prometheus.yml')}`,
      `--storage.tsdb.path=${file('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  while (!(await isReady())) {
    if (prometheus.exitCode !== null) throw new Error(`Prometheus ended with ${prometheus.exitCode}`);
    await pause(50);
  }
});

afterAll(async () => {
  const ended = once(prometheus, 'exit');
  prometheus.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

async function isReady(): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function past(): string {
  const name = 'container_cpu_usage_seconds';
  const samples = ['one', 'two', 'other'].flatMap((task) => {
    const service = task === 'other' ? 'bank_web' : 'shop_web';
    const labels = `container_label_com_docker_swarm_task_id="${task}",container_label_com_docker_swarm_service_name="${service}"`;
    return Array.from({ length: ALL_S / EVERY_S + 1 }, (_, i) => {
      const seconds = i * EVERY_S;
      const used = 0.1 * Math.min(seconds, CALM_S) + 0.3 * Math.max(0, seconds - CALM_S);
      return `${name}_total{${labels}} ${used} ${FROM + seconds}`;
    });
  });
  return [`# TYPE ${name} counter`, ...samples, '# EOF', ''].join('\n');
}

async function stepsOf(labels: readonly string[], more: string, ...options: readonly string[]) {
  const { status, result, messages } = await runCommand(
    [
      ...['simulate', '@shop.yml', '--stack', 'shop', '--service', 'web', '--format', 'json'],
      ...['--prometheus', url, '--from', String(FROM + 120), '--to', String(FROM + ALL_S), '--step', '1m'],
      ...options,
    ],
    { files: { 'shop.yml': stackOf({ web: labels }, { web: more }) } },
  );
  expect(messages).toBe('');
  expect(status).toBe(0);
  return (JSON.parse(result) as { steps: { current: number; desired: number; reason: string }[] }).steps;
}

const CPU = ['com.df.scaleOn=@cpu', 'com.df.scaleTarget=100%', 'com.df.scaleMin=2', 'com.df.scaleMax=9'];
const reserved = (cpus: string) => `resources: { reservations: { cpus: "${cpus}" } }`;

test('a percentage is one of what the stack file reserves, and tasks of other services do not count', async () => {
  const steps = await stepsOf(CPU, reserved('0.1'));
  // Two tasks at 100 %, then at 300 % of it.
  expect(steps.map(({ desired }) => desired)).toEqual([2, 2, 2, 2, 6, 6, 6, 6, 6]);
  expect(steps[0]?.reason).toBe('steady');
});

test('what each task has reserved can be said otherwise', async () => {
  const steps = await stepsOf(CPU, reserved('0.1'), '--request', 'm1=0.3');
  expect(Math.max(...steps.map(({ desired }) => desired))).toBe(2);
});
