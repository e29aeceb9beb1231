import { request } from 'node:http';
import { askInside } from '../swarm/inside-container.js';
import { until } from '../until.js';
import type { ProxyNode } from './two-proxies.js';

/** What a proxy, or the service behind it, answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

type Headers = Readonly<Record<string, string>>;

const PATIENCE_MS = 180_000;
const API = 'http://127.0.0.1:8080';

/** A GET on a connection of its own; `target` is sent as it is. */
export function ask(node: ProxyNode, target: string, headers: Headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: node.address, path: target, headers, agent: false, timeout: PATIENCE_MS };
    const sent = request(options, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.end();
  });
}

/** Waits until the proxy of each node answers with this status. */
export async function allAnswer(
  nodes: readonly ProxyNode[],
  target: string,
  status: number,
  headers?: Headers,
): Promise<void> {
  for (const node of nodes)
    await until(`${node.address} answers ${target} with ${status}`, async () => {
      const answer = await ask(node, target, headers);
      return answer.status === status ? { done: true } : { notYet: `status ${answer.status}` };
    });
}

/** Which series of which page of the proxy. */
export interface Metric {
  readonly page: '/metrics' | '/v1/docker-flow-proxy/haproxy-metrics';
  readonly name: string;
  /** A part of their labels. */
  readonly labels?: string;
}

/** The sum of the series of a metric at the proxy of a node; `undefined` when there is none. */
export async function metricOf(
  node: ProxyNode,
  { page, name, labels = '' }: Metric,
): Promise<number | undefined> {
  const text = await askInside(node.docker, 'proxy_proxy', `${API}${page}`);
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(labels));
  if (lines.length === 0) return undefined;
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** The same of all proxies, 0 for none. */
export function metrics(nodes: readonly ProxyNode[], metric: Metric): Promise<readonly number[]> {
  return Promise.all(nodes.map(async (node) => (await metricOf(node, metric)) ?? 0));
}
