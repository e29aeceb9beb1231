import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { SwarmNode } from './swarm/cluster.js';
import { until } from './until.js';

/** What a client gets that trusts the authority. */
export interface Shown {
  readonly status: number;
  readonly serial: string;
  readonly names: readonly string[];
}

export interface Client {
  /** PEM of who signs what the authority issues. */
  readonly root: string;
  /** The domain that it asks for. */
  readonly name: string;
  readonly path: string;
}

/** A request over TLS that is verified, on a connection of its own. */
export function askSecurely(
  { address }: Pick<SwarmNode, 'address'>,
  { root, name, path }: Client,
): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: address,
        path,
        headers: { host: name },
        servername: name,
        ca: root,
        agent: false,
        timeout: 10_000,
      },
      (answer) => {
        const { serialNumber, subjectaltname = '' } = (answer.socket as TLSSocket).getPeerCertificate();
        answer.resume();
        resolve({
          status: answer.statusCode ?? 0,
          serial: serialNumber,
          names: subjectaltname.split(', ').map((one) => one.replace(/^DNS:/, '')),
        });
      },
    );
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s')));
    sent.end();
  });
}

/** Waits until all these nodes show the same certificate that `isRight`; answers its serial number. */
export function allShow(
  nodes: readonly SwarmNode[],
  client: Client,
  what: string,
  isRight: (shown: Shown) => boolean,
): Promise<string> {
  return until(`all nodes show ${what}`, async () => {
    const shown = await Promise.all(nodes.map((node) => askSecurely(node, client)));
    const [first] = shown;
    const isSame = shown.every(({ serial }) => serial === first?.serial);
    return first && isSame && shown.every(isRight)
      ? { done: first.serial }
      : { notYet: JSON.stringify(shown) };
  });
}

/** Clients that ask all the time until they are told to end. */
export function startSecureTraffic(nodes: readonly SwarmNode[], client: Client) {
  const failures: string[] = [];
  let isOver = false;
  let sent = 0;
  const ask = async (node: SwarmNode) => {
    while (!isOver) {
      sent += 1;
      const problem = await askSecurely(node, client).then(
        ({ status }) => (status === 200 ? undefined : `status ${status}`),
        (error: unknown) => String(error),
      );
      if (problem !== undefined) failures.push(`${node.address}: ${problem}`);
    }
  };
  const running = Promise.all(nodes.flatMap((node) => [ask(node), ask(node)]));
  return {
    /** How many requests were sent, and what became of those that failed. */
    async end(): Promise<{ readonly sent: number; readonly failures: readonly string[] }> {
      isOver = true;
      await running;
      return { sent, failures };
    },
  };
}
