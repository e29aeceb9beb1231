import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingHttpHeaders,
} from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { renderCertificateList } from '../core/changes/certificate-list.js';
import { ERROR_CODES } from '../core/sections/fixed-sections.js';
import type { RenderedConfig } from '../core/text/render.js';
import type { Settings } from '../core/model/settings.js';
import { createStandInCertificate } from '../certificates/self-signed-certificate.js';

/** A folder with everything a configuration names: error pages, a certificate, its list. */
export function makeRoot(): { readonly root: string; remove(): void } {
  const root = mkdtempSync(path.join(tmpdir(), 'df-proxy-'));
  for (const name of ['cfg/tables', 'cfg/tmpl', 'certs', 'run/secrets', 'errorfiles', 'var/run']) {
    mkdirSync(path.join(root, name), { recursive: true });
  }
  for (const code of ERROR_CODES) {
    writeFileSync(
      path.join(root, 'errorfiles', `${code}.http`),
      `HTTP/1.0 ${code} Error\r\nConnection: close\r\n\r\nerror ${code}\n`,
    );
  }
  const standIn = path.join(root, 'cfg/stand-in.pem');
  writeFileSync(standIn, createStandInCertificate('stand-in', new Date()));
  writeFileSync(path.join(root, 'cfg/crt-list.txt'), renderCertificateList([{ path: standIn }]));
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Writes a configuration with its tables and answers its path. */
export function writeConfig(rendered: RenderedConfig, settings: Settings): string {
  for (const [file, content] of rendered.tables) writeFileSync(file, content);
  const file = path.join(path.dirname(settings.paths.tables), 'haproxy.cfg');
  writeFileSync(file, rendered.text);
  return file;
}

/** What `haproxy -c` says; empty when it has nothing against the file. */
export function checkConfig(file: string): { readonly ok: boolean; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' });
  // Up to HAProxy 2.8 success is told in a sentence.
  const output = (stderr + stdout).replace(/^Configuration file is valid\n/m, '');
  return { ok: status === 0, output };
}

/** HAProxy on a configuration, in the foreground, until `stop`. Resolves when all `ports` accept. */
export async function startHaproxy(
  file: string,
  ports: readonly number[],
): Promise<{ stop(): Promise<void> }> {
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let tries = 0; tries < 500; tries += 1) {
    if (child.exitCode !== null) throw new Error(`HAProxy ended: ${said}`);
    if ((await Promise.all(ports.map(accepts))).every(Boolean)) {
      return {
        async stop() {
          child.kill('SIGKILL');
          await ended;
        },
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGKILL');
  throw new Error(`HAProxy does not listen on ${ports.join(', ')}: ${said}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export interface EchoServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers 200 with method, path and headers of the request as JSON. */
export async function startEchoServer(): Promise<EchoServer> {
  const server = createHttpServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ path: request.url, method: request.method, headers: request.headers }));
  });
  return listenOnFreePort(server);
}

/** Greets each connection with `greeting` and echoes what it says. */
export async function startByteServer(greeting: string): Promise<EchoServer> {
  return listenOnFreePort(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(greeting);
      socket.pipe(socket);
    }),
  );
}

async function listenOnFreePort(server: Server): Promise<EchoServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        if ('closeAllConnections' in server)
          (server as { closeAllConnections(): void }).closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Ports nobody listens on now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenOnFreePort(createServer())));
  await Promise.all(servers.map((server) => server.close()));
  return servers.map(({ port }) => port);
}

export interface LiveAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request over plain http. */
export function ask(
  port: number,
  { path: target = '/', host = 'any.test', method = 'GET', headers = {} }: LiveRequest = {},
): Promise<LiveAnswer> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      { host: '127.0.0.1', port, path: target, method, agent: false, headers: { ...headers, Host: host } },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end();
  });
}

export interface LiveRequest {
  readonly path?: string;
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
