import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts, processorSeconds, residentMegabytes } from '@docker-flow/testkit';

/** The built program with a real Prometheus and promtool from PATH, on a folder and ports of its own. */
export interface MonitorProcess {
  /** @throws {Error} when the answer is not 200 or an alert was rejected */
  reconfigure(parameters: Readonly<Record<string, string>>): Promise<void>;
  /** Names of the alerting rules that Prometheus itself runs. */
  liveRules(): Promise<ReadonlySet<string>>;
  /** Has Prometheus load what it runs once more; resolves when it does. */
  reloadPrometheus(): Promise<void>;
  /** Reloads of Prometheus so far. */
  reloads(): Promise<number>;
  /** Processor time of the program and of the promtools it has run, without Prometheus. */
  cpuSeconds(): number;
  /** Processor time of Prometheus so far. */
  prometheusCpuSeconds(): Promise<number>;
  rssMegabytes(): number;
  stop(): Promise<void>;
}

/** The listener has so many notifications under way to a receiver. */
const CONNECTIONS = 480;
const START_LIMIT_MS = 30_000;

/** `variables`: beside those of the image and of the bench. */
export async function startMonitor(
  main: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<MonitorProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'docker-flow-monitor-bench-'));
  const [api = 0, prometheus = 0] = await freePorts(2);
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'],
      MALLOC_ARENA_MAX: '1', // as in docker/monitor.Dockerfile
      DF_LISTEN_ADDRESS: `127.0.0.1:${api}`,
      LOG_LEVEL: 'warn',
      GLOBAL_SCRAPE_INTERVAL: '10s',
      ARG_CONFIG_FILE: path.join(folder, 'prometheus.yml'),
      ARG_STORAGE_TSDB_PATH: path.join(folder, 'data'),
      'ARG_WEB_LISTEN-ADDRESS': `127.0.0.1:${prometheus}`,
      'ARG_WEB_ENABLE-LIFECYCLE': 'true',
      ARG_LOG_LEVEL: 'info',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + String(chunk)).slice(-5_000)));
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  async function get(port: number, target: string): Promise<string> {
    const { status, body } = await ask(agent, port, target);
    if (status !== 200) throw new Error(`${target.slice(0, 200)} answers ${status}: ${body}`);
    return body;
  }
  const pid = child.pid ?? 0;

  const deadline = performance.now() + START_LIMIT_MS;
  while ((await ask(agent, prometheus, '/-/ready').catch(() => undefined))?.status !== 200) {
    if (performance.now() > deadline || child.exitCode !== null)
      throw new Error(`the program does not start: ${output}`);
    await pause(50);
  }
  return {
    async reconfigure(parameters) {
      const query = new URLSearchParams(parameters).toString();
      const body = await get(api, `/v1/docker-flow-monitor/reconfigure?${query}`);
      if (body.includes('"Rejected"')) throw new Error(`an alert was rejected: ${body}`);
    },
    async liveRules() {
      const body = await get(prometheus, '/api/v1/rules?type=alert');
      const { data } = JSON.parse(body) as { data: { groups: { rules: { name: string }[] }[] } };
      return new Set(data.groups.flatMap(({ rules }) => rules.map(({ name }) => name)));
    },
    async reloadPrometheus() {
      const { status, body } = await ask(agent, prometheus, '/-/reload', 'POST');
      if (status !== 200) throw new Error(`Prometheus does not reload: ${status} ${body}`);
    },
    async reloads() {
      const body = await get(api, '/metrics');
      const counts = [...body.matchAll(/^docker_flow_monitor_reloads_total\{[^}]*\} (\d+)/gm)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    },
    cpuSeconds: () => processorSeconds(pid, { withChildren: true }),
    async prometheusCpuSeconds() {
      const seconds = /^process_cpu_seconds_total (\S+)/m.exec(await get(prometheus, '/metrics'))?.[1];
      return Number(seconds);
    },
    rssMegabytes: () => residentMegabytes(pid),
    async stop() {
      agent.destroy();
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ask(
  agent: Agent,
  port: number,
  target: string,
  method = 'GET',
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: target, method, agent }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}
