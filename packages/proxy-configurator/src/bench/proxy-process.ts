import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts, parentOf, processorSeconds, residentMegabytes } from '@docker-flow/testkit';

const BASE = '/v1/docker-flow-proxy';
const START_LIMIT_MS = 30_000;
/** The listener has so many notifications under way to a receiver. */
const OF_LISTENER = 480;
const STATUSES = [400, 403, 405, 408, 429, 500, 502, 503, 504];

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The built program with the HAProxy of this machine, on a folder and ports of its own. */
export interface ProxyProcess {
  /** Where services are reached. */
  readonly httpPort: number;
  reconfigure(parameters: Readonly<Record<string, string>>): Promise<Answer>;
  remove(serviceName: string): Promise<Answer>;
  /** Checks and loads what lies on disk: what HAProxy itself needs for a change. */
  reload(): Promise<Answer>;
  /** The configuration that is in force. */
  configuration(): Promise<string>;
  /** How often HAProxy was reloaded so far. */
  reloads(): Promise<number>;
  /** Processor time of the program and of the checks that it has run, without HAProxy. */
  cpuSeconds(): number;
  /** Processor time of the HAProxy processes that run now. */
  haproxyCpuSeconds(): number;
  /** Of the program, without HAProxy. */
  rssMegabytes(): number;
  stop(): Promise<void>;
}

/** `variables`: beside those of the image and of the bench. */
export async function startProxy(
  main: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<ProxyProcess> {
  const root = mkdtempSync(path.join(tmpdir(), 'df-bench-'));
  for (const name of ['cfg/tmpl', 'certs', 'run/secrets', 'errorfiles', 'var/run'])
    mkdirSync(path.join(root, name), { recursive: true });
  for (const status of STATUSES)
    writeFileSync(
      path.join(root, 'errorfiles', `${status}.http`),
      `HTTP/1.0 ${status} Error\r\nConnection: close\r\n\r\n${status}\n`,
    );
  const [api = 0, httpPort = 0] = await freePorts(2);
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'],
      DF_FS_ROOT: root,
      DF_LISTEN_ADDRESS: `127.0.0.1:${api}`,
      DEFAULT_PORTS: String(httpPort),
      ALLOW_LOOPBACK: 'true',
      LOG_LEVEL: 'warn',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + String(chunk)).slice(-20_000)));
  const ended = once(child, 'exit');
  const agent = new Agent({ keepAlive: true, maxSockets: OF_LISTENER });
  const pid = child.pid ?? 0;
  const call = (target: string, query: Readonly<Record<string, string>> = {}) =>
    get(agent, api, `${target}?${new URLSearchParams(query).toString()}`);

  const deadline = performance.now() + START_LIMIT_MS;
  while ((await call('/readyz').catch(() => undefined))?.status !== 200) {
    if (performance.now() > deadline || child.exitCode !== null)
      throw new Error(`the program does not start: ${output}`);
    await pause(20);
  }
  return {
    httpPort,
    reconfigure: (parameters) => call(`${BASE}/reconfigure`, parameters),
    remove: (serviceName) => call(`${BASE}/remove`, { serviceName }),
    reload: () => call(`${BASE}/reload`),
    configuration: async () => (await call(`${BASE}/config`)).body,
    async reloads() {
      const { body } = await call('/metrics');
      const counts = [
        ...body.matchAll(/^docker_flow_proxy_reloads_total\{[^}]*result="reloaded"[^}]*\} (\d+)/gm),
      ];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    },
    cpuSeconds: () => processorSeconds(pid, { withChildren: true }),
    haproxyCpuSeconds: () => descendants(pid).reduce((sum, one) => sum + processorSeconds(one), 0),
    rssMegabytes: () => residentMegabytes(pid),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      agent.destroy();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** `agent`: `false` for a connection of its own. */
export function get(agent: Agent | false, port: number, target: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: target, agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}

/** Processes below a process. */
function descendants(pid: number): readonly number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const isBelow = (one: number): boolean => {
    const parent = parentOf(one);
    return parent !== undefined && parent > 0 && (parent === pid || isBelow(parent));
  };
  return all.filter(isBelow);
}
