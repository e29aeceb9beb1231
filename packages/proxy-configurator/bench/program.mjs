// Starts the built program on a folder and free ports of its own, and talks to it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const BASE = '/v1/docker-flow-proxy';

export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export async function startProgram(environment = {}) {
  const root = mkdtempSync(path.join(tmpdir(), 'df-bench-'));
  for (const name of ['cfg/tmpl', 'certs', 'run/secrets', 'errorfiles', 'var/run'])
    mkdirSync(path.join(root, name), { recursive: true });
  for (const code of [400, 403, 405, 408, 429, 500, 502, 503, 504]) {
    writeFileSync(
      path.join(root, 'errorfiles', `${code}.http`),
      `HTTP/1.0 ${code} Error\r\nConnection: close\r\n\r\n${code}\n`,
    );
  }
  const [api, http] = await freePorts(2);
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      DF_FS_ROOT: root,
      DF_LISTEN_ADDRESS: `127.0.0.1:${api}`,
      DEFAULT_PORTS: String(http),
      ALLOW_LOOPBACK: 'true',
      LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const call = (target, query = {}) => get(agent, api, `${target}?${new URLSearchParams(query)}`);
  for (let tries = 0; ; tries += 1) {
    const answer = await call(`/readyz`).catch(() => undefined);
    if (answer?.status === 200) break;
    if (tries > 500) throw new Error(`the program does not get ready: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    api,
    http,
    pid: child.pid,
    root,
    output: () => output,
    reconfigure: (query) => call(`${BASE}/reconfigure`, query),
    remove: (serviceName) => call(`${BASE}/remove`, { serviceName }),
    /** How often HAProxy was reloaded so far. */
    async reloads() {
      const { body } = await call('/metrics');
      return [
        ...body.matchAll(/^docker_flow_proxy_reloads_total\{[^}]*result="reloaded"[^}]*\} (\d+)/gm),
      ].reduce((sum, [, n]) => sum + Number(n), 0);
    },
    /** CPU time of the HAProxy processes that run now. */
    haproxyCpuSeconds: () => descendants(child.pid).reduce((sum, pid) => sum + cpuSeconds(pid), 0),
    rssMegabytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      agent.destroy();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function get(agent, port, target, headers = {}) {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: target, agent, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}

/** Processes below a process. */
function descendants(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      parents.set(Number(name), Number(fields[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (one) => one === pid || (parents.has(one) && isBelow(parents.get(one)));
  return [...parents.keys()].filter((one) => one !== pid && isBelow(one));
}

/** User and system time; the kernel counts in hundredths of a second. */
function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
