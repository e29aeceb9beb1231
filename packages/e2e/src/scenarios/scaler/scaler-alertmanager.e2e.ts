// cluster: --nodes 1
// images: demo
// when: ci
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { freePort } from '../../harness/programs/program-process.js';
import { startScaler, type ScalerProcess } from '../../harness/programs/scaler-process.js';
import { createSlackReceiver, type SlackReceiver } from '../../harness/programs/slack-receiver.js';
import { until } from '../../harness/until.js';

/** A real Alertmanager with the configuration people have for their build server scales the demo, unchanged. */

const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const image = ownImage('demo');
const SERVICE = 'go-demo_main';

let directory: string;
let scaler: ScalerProcess;
let slack: SlackReceiver;
let alertmanager: ChildProcess;
let alertmanagerUrl: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'scaler-alertmanager-'));
  slack = await createSlackReceiver('127.0.0.1');
  scaler = await startScaler(root, {
    DOCKER_HOST: cluster.dockerHost,
    SERVER_PREFIX: '/jenkins',
    JOB_TOKEN: 'DevOps22',
    SLACK_WEBHOOK_URL: slack.url,
  });
  await docker.run([
    ...['service', 'create', '--detach', '--no-resolve-image', '--name', SERVICE, '--replicas', '3'],
    ...['--endpoint-mode', process.env['ENDPOINT_MODE'] ?? 'vip'],
    ...['--label', 'com.df.scaleMin=2', '--label', 'com.df.scaleMax=4', image],
  ]);
  const port = await freePort();
  alertmanagerUrl = `http://127.0.0.1:${port}`;
  await writeFile(path.join(directory, 'alertmanager.yml'), configuration(scaler.url));
  alertmanager = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${directory}/alertmanager.yml`,
      `--storage.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await until(
    'Alertmanager answers',
    async () => ((await fetch(`${alertmanagerUrl}/-/ready`)).ok ? { done: true } : { notYet: 'not ready' }),
    { everyMs: 200 },
  );
});

afterAll(async () => {
  const ended = new Promise((resolve) => alertmanager.once('exit', resolve));
  alertmanager.kill('SIGTERM');
  await ended;
  await scaler.stop();
  await slack.close();
  await docker.run(['service', 'rm', SERVICE]);
  await rm(directory, { recursive: true, force: true });
});

/** Routes by service and scale to two addresses of the job; only the times are shorter than people's. */
function configuration(scalerUrl: string): string {
  const job = `${scalerUrl}/jenkins/job/service-scale/buildWithParameters?token=DevOps22&service=${SERVICE}`;
  return `
route:
  group_by: [service, scale]
  group_wait: 200ms
  group_interval: 1s
  repeat_interval: 6s
  receiver: nobody
  routes:
    - match: { service: ${SERVICE}, scale: up }
      receiver: jenkins-${SERVICE}-up
    - match: { service: ${SERVICE}, scale: down }
      receiver: jenkins-${SERVICE}-down
receivers:
  - name: nobody
  - name: jenkins-${SERVICE}-up
    webhook_configs:
      - url: ${job}&scale=1
  - name: jenkins-${SERVICE}-down
    webhook_configs:
      - url: ${job}&scale=-1
`;
}

/** An alert as Prometheus sends it: again and again while it fires, with an end when it does not any more. */
async function whileFiring(scale: 'up' | 'down', work: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  async function sendAgain(): Promise<void> {
    while (!over.signal.aborted) {
      await send(scale, true);
      await pause(5_000, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }
  await Promise.all([sendAgain(), work().finally(() => over.abort())]);
  await send(scale, false);
}

async function send(scale: 'up' | 'down', isFiring: boolean): Promise<void> {
  const alertname = scale === 'up' ? 'godemo_main_resptimeabove' : 'godemo_main_resptimebelow';
  const endsAt = new Date(Date.now() + (isFiring ? 60_000 : -1_000)).toISOString();
  await fetch(`${alertmanagerUrl}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([
      { labels: { alertname, service: SERVICE, scale, type: 'service' }, annotations: {}, endsAt },
    ]),
  });
}

async function replicas(): Promise<number> {
  return Number(
    await docker.run(['service', 'inspect', '--format', '{{.Spec.Mode.Replicated.Replicas}}', SERVICE]),
  );
}

async function said(text: string): Promise<void> {
  await until(
    `Slack heard "${text}"`,
    () => {
      const texts = slack.messages().map((message) => message.text);
      return Promise.resolve(
        texts.some((one) => one.startsWith(text)) ? { done: true } : { notYet: texts.join(' · ') },
      );
    },
    { everyMs: 200 },
  );
}

test('the demo goes down to its minimum and up to its maximum, stays there, and people hear of all of it', async () => {
  await whileFiring('down', async () => {
    await said(`${SERVICE} was scaled from 3 to 2 replicas`);
    await said(`${SERVICE} could not be scaled: the minimum is 2 replicas (label com.df.scaleMin)`);
  });
  expect(await replicas()).toBe(2);

  await whileFiring('up', async () => {
    await said(`${SERVICE} was scaled from 2 to 3 replicas`);
    await said(`${SERVICE} was scaled from 3 to 4 replicas`);
    await said(`${SERVICE} could not be scaled: the maximum is 4 replicas (label com.df.scaleMax)`);
  });
  expect(await replicas()).toBe(4);

  // The job's addresses get resolved alerts as well; none of them has scaled anything.
  const changes = (await scaler.activities()).filter(({ outcome }) => outcome === 'scaled');
  expect(changes).toHaveLength(3);
});
