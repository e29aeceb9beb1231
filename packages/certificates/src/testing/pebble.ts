import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHttpClient, type HttpClient } from '@docker-flow/daemon/http/client';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';

/** A real ACME authority on this machine: Debian's pebble, with its own DNS, for which every name is this machine. */
export interface Pebble {
  readonly directoryUrl: string;
  /** PEM of who signs pebble's own TLS certificate. */
  readonly ca: string;
  readonly caFile: string;
  /** `none`: the name leads nowhere; `default`: here. */
  setAddress(name: string, address: 'none' | 'default'): Promise<void>;
  setTxt(name: string, value: string): Promise<void>;
  stop(): Promise<void>;
}

export interface PebbleOptions {
  /** Where it looks for answers to challenges. */
  readonly httpPort: number;
  /** Of a hundred nonces so many are refused. */
  readonly refusedNonces?: number;
  /** Seconds. */
  readonly validity?: number;
}

const HOST = '127.0.0.1';

/** @throws {Error} when pebble is not installed or does not start */
export async function startPebble({ httpPort, refusedNonces = 0, validity }: PebbleOptions): Promise<Pebble> {
  const directory = mkdtempSync(path.join(tmpdir(), 'pebble-'));
  const file = (name: string) => path.join(directory, name);
  makeCertificate(directory);
  const [port = 0, managementPort = 0, dnsPort = 0, dnsApiPort = 0] = await freePorts(4);
  writeFileSync(
    file('pebble.json'),
    JSON.stringify({
      pebble: {
        listenAddress: `${HOST}:${port}`,
        managementListenAddress: `${HOST}:${managementPort}`,
        certificate: file('server.crt'),
        privateKey: file('server.key'),
        httpPort,
        tlsPort: 443,
        ocspResponderURL: '',
        externalAccountBindingRequired: false,
        ...(validity === undefined ? {} : { certificateValidityPeriod: validity }),
      },
    }),
  );
  const dns = start('pebble-challtestsrv', [
    ...['-defaultIPv4', HOST, '-defaultIPv6', '', '-dns01', `${HOST}:${dnsPort}`, '-http01', ''],
    ...['-https01', '', '-tlsalpn01', '', '-management', `${HOST}:${dnsApiPort}`],
  ]);
  const pebble = start('pebble', ['-config', file('pebble.json'), '-dnsserver', `${HOST}:${dnsPort}`], {
    PEBBLE_VA_NOSLEEP: '1',
    PEBBLE_WFE_NONCEREJECT: String(refusedNonces),
    PEBBLE_AUTHZREUSE: '0',
  });
  const ca = readFileSync(file('ca.crt'), 'utf8');
  const http = createHttpClient({ timeoutMs: 2_000, ca });
  const directoryUrl = `https://${HOST}:${port}/dir`;
  const tell = (command: string, body: object) =>
    http.request({
      method: 'POST',
      url: `http://${HOST}:${dnsApiPort}/${command}`,
      body: JSON.stringify(body),
    });
  await untilAnswered(http, directoryUrl);
  await untilAnswered(http, `http://${HOST}:${dnsApiPort}/`);
  await tell('set-default-ipv6', { ip: '' });
  return {
    directoryUrl,
    ca,
    caFile: file('ca.crt'),
    async setAddress(name, address) {
      await tell(address === 'none' ? 'set-servfail' : 'clear-servfail', { host: `${name}.` });
    },
    async setTxt(name, value) {
      await tell('set-txt', { host: `${name}.`, value });
    },
    async stop() {
      await Promise.all([end(pebble), end(dns)]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function makeCertificate(directory: string): void {
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '30', '-subj', '/CN=Bench', '-keyout', 'ca.key', '-out', 'ca.crt');
  openssl(
    'req',
    ...key,
    '-subj',
    '/CN=pebble',
    '-addext',
    `subjectAltName=IP:${HOST}`,
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-days',
    '30',
    '-copy_extensions',
    'copy',
    '-out',
    'server.crt',
  );
}

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  child.on('error', () => undefined);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await ended;
}

async function untilAnswered(http: HttpClient, url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const isThere = await http.request({ url }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await sleep(50);
  }
  throw new Error(`nobody answers at ${url}: is pebble installed?`);
}

/** Ports nobody listens on now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, HOST, () => resolve()))),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  return ports;
}
