import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { createTestAuthority } from './test-authority.js';

/** A real ACME authority on this machine: Debian's pebble, with its own DNS, for which every name is this machine. */
export interface Pebble {
  readonly directoryUrl: string;
  /** PEM of who signs pebble's own TLS certificate. */
  readonly ca: string;
  readonly caFile: string;
  /** The certificate that those it issues lead to, as PEM. */
  root(): Promise<string>;
  /** `none`: the name leads nowhere; `default`: to the target again. */
  setAddress(name: string, address: 'none' | 'default'): Promise<void>;
  setTxt(name: string, value: string): Promise<void>;
  stop(): Promise<void>;
}

export interface PebbleOptions {
  /** Where it looks for answers to challenges. */
  readonly httpPort: number;
  /** Where it listens; this machine alone when absent. */
  readonly host?: string;
  /** Where all names lead; here when absent. */
  readonly target?: string;
  /** Of a hundred nonces so many are refused. */
  readonly refusedNonces?: number;
  /** Seconds. */
  readonly validity?: number;
}

const HOST = '127.0.0.1';

/** @throws {Error} when pebble is not installed or does not start */
export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const { httpPort, host = HOST, target = HOST, refusedNonces = 0, validity } = options;
  const directory = mkdtempSync(path.join(tmpdir(), 'pebble-'));
  const file = (name: string) => path.join(directory, name);
  const authority = createTestAuthority('Bench');
  const { key, certificate } = authority.issueFor(host);
  writeFileSync(file('server.key'), key);
  writeFileSync(file('server.crt'), certificate);
  writeFileSync(file('ca.crt'), authority.ca);
  authority.remove();
  const [port = 0, managementPort = 0, dnsPort = 0, dnsApiPort = 0] = await freePorts(4);
  writeFileSync(
    file('pebble.json'),
    JSON.stringify({
      pebble: {
        listenAddress: `${host}:${port}`,
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
    ...['-defaultIPv4', target, '-defaultIPv6', '', ...dnsOptions(`${HOST}:${dnsPort}`)],
    ...['-http01', '', '-https01', '', '-tlsalpn01', '', '-management', `${HOST}:${dnsApiPort}`],
  ]);
  const pebble = start('pebble', ['-config', file('pebble.json'), '-dnsserver', `${HOST}:${dnsPort}`], {
    PEBBLE_VA_NOSLEEP: '1',
    PEBBLE_WFE_NONCEREJECT: String(refusedNonces),
    PEBBLE_AUTHZREUSE: '0',
  });
  const directoryUrl = `https://${host}:${port}/dir`;
  const tell = (command: string, body: object) =>
    ask({ url: `http://${HOST}:${dnsApiPort}/${command}`, body: JSON.stringify(body) });
  await untilAnswered(directoryUrl);
  await untilAnswered(`http://${HOST}:${dnsApiPort}/`);
  await tell('set-default-ipv6', { ip: '' });
  return {
    directoryUrl,
    ca: authority.ca,
    caFile: file('ca.crt'),
    root: () => ask({ url: `https://${HOST}:${managementPort}/roots/0` }),
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

/** Where the server of names listens. Later versions (2.10 is one) have another name for that, and DNS over HTTPS beside it. */
function dnsOptions(address: string): readonly string[] {
  const { stderr, stdout } = spawnSync('pebble-challtestsrv', ['-help'], { encoding: 'utf8' });
  const isNew = /^\s+-dnsserver\b/m.test(`${stdout}${stderr}`);
  return isNew ? ['-dnsserver', address, '-doh', ''] : ['-dns01', address];
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

async function untilAnswered(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const isThere = await ask({ url }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await pause(50);
  }
  throw new Error(`nobody answers at ${url}: is pebble installed?`);
}

/** The body of any answer. Whose certificate it is does not matter here. */
function ask({ url, body }: { readonly url: string; readonly body?: string }): Promise<string> {
  const send = url.startsWith('https:') ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      rejectUnauthorized: false,
      timeout: 2_000,
    };
    const sent = send(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve(text));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.end(body);
  });
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
