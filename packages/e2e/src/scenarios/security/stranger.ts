import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { until } from '../../harness/until.js';

/** Routes of the stack itself, each behind the passwords of the operators. */
export const OPERATORS_ROUTES = ['/flow/', '/monitor/', '/scaler/'] as const;

/** The status that somebody outside gets from the proxy; the path is sent as it stands here. */
export function strangerGets(
  address: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: address, method, path: target, headers, agent: false, timeout: 10_000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s')));
    sent.end();
  });
}

/** Waits until the routes of the stack itself ask strangers for a password. */
export async function operatorsRoutesAreLive(address: string): Promise<void> {
  for (const target of OPERATORS_ROUTES)
    await until(`the route ${target}`, async () => {
      const status = await strangerGets(address, 'GET', target);
      return status === 401 ? { done: true } : { notYet: `status ${status}` };
    });
}

const SCAN = `
const { connect } = require('node:net');
const open = [];
let next = 1;
const worker = async () => {
  for (let port; (port = next++) < 65536; )
    await new Promise((resolve) => {
      const socket = connect({ host: process.argv[1], port });
      socket.on('connect', () => { open.push(port); socket.destroy(); }).on('error', () => {}).on('close', resolve);
    });
};
Promise.all(Array.from({ length: 100 }, worker)).then(() => console.log(JSON.stringify(open.sort((a, b) => a - b))));`;

/** Which of all its ports take a connection. */
export async function openPortsOf(address: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('node', ['-e', SCAN, address]);
  return JSON.parse(stdout) as readonly number[];
}
