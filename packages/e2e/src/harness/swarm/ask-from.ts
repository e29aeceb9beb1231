import type { DockerCli } from './docker-cli.js';
import { until } from '../until.js';

/** A request as a program in a container sends it. */
export interface Question {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came of it: a status, or the code of what went wrong (`ENOTFOUND`, `ECONNREFUSED`, `TimeoutError`). */
export interface Reply {
  readonly status: number | string;
  readonly body: string;
}

const ASK = `
const ask = ({ method, url, headers }) => fetch(url, { method, headers, signal: AbortSignal.timeout(10000) })
  .then(async (answer) => ({ status: answer.status, body: await answer.text() }))
  .catch((error) => ({ status: error.cause?.code ?? error.name, body: '' }));
Promise.all(JSON.parse(process.argv[1]).map(ask)).then((replies) => console.log(JSON.stringify(replies)));`;

/** Sends all of them at once from inside a container of the service; answers in their order. */
export async function askFrom(
  docker: DockerCli,
  service: string,
  questions: readonly Question[],
): Promise<readonly Reply[]> {
  const id = await containerOf(docker, service);
  return JSON.parse(
    await docker.run(['exec', id, 'node', '-e', ASK, JSON.stringify(questions)]),
  ) as readonly Reply[];
}

const SCAN = `
const { connect } = require('node:net');
const queue = JSON.parse(process.argv[1]).flatMap(([host, first, last]) =>
  Array.from({ length: last - first + 1 }, (_, index) => [host, first + index]));
const open = [];
const knock = ([host, port]) => new Promise((resolve) => {
  const socket = connect({ host, port, timeout: 3000 });
  socket.on('connect', () => { open.push(host + ':' + port); socket.destroy(); });
  socket.on('timeout', () => socket.destroy());
  socket.on('error', () => {});
  socket.on('close', resolve);
});
const worker = async () => { for (let next; (next = queue.pop()); ) await knock(next); };
Promise.all(Array.from({ length: 200 }, worker)).then(() => console.log(JSON.stringify(open.sort())));`;

/** An address and the first and the last of the ports that are tried. */
export type Range = readonly [host: string, first: number, last: number];

/** Which of these ports take connections from inside a container of the service, as `host:port`. */
export async function openPortsFrom(
  docker: DockerCli,
  service: string,
  ranges: readonly Range[],
): Promise<readonly string[]> {
  const id = await containerOf(docker, service);
  return JSON.parse(
    await docker.run(['exec', id, 'node', '-e', SCAN, JSON.stringify(ranges)]),
  ) as readonly string[];
}

/** The address of a container in each of its networks, the bridge of the node included. */
export async function addressesOf(
  docker: DockerCli,
  service: string,
): Promise<Readonly<Record<string, string>>> {
  const id = await containerOf(docker, service);
  const networks = JSON.parse(
    await docker.run(['inspect', '--format', '{{json .NetworkSettings.Networks}}', id]),
  ) as Readonly<Record<string, { readonly IPAddress: string }>>;
  return Object.fromEntries(Object.entries(networks).map(([name, { IPAddress }]) => [name, IPAddress]));
}

function containerOf(docker: DockerCli, service: string): Promise<string> {
  return until(`a container of ${service}`, async () => {
    const filter = `label=com.docker.swarm.service.name=${service}`;
    const [id = ''] = (await docker.run(['ps', '-q', '--filter', filter])).trim().split('\n');
    return id === '' ? { notYet: 'none runs' } : { done: id };
  });
}
