import { connect } from 'node:tls';
import { wantedReplicas } from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';
import type { AttackedStack } from './attacked-stack.js';
import { strangerGets } from './stranger.js';

/** Waits until the bank answers those who may ask it. */
export async function bankIsServed(address: string): Promise<void> {
  const authorization = `Basic ${Buffer.from('teller:money').toString('base64')}`;
  await until('the route to the bank', async () => {
    const status = await strangerGets(address, 'GET', '/bank/hello', { host: 'bank.test', authorization });
    return status === 200 ? { done: true } : { notYet: `status ${status}` };
  });
}

/** All that the programs hold for the bank, as they would tell it. */
export interface HeldForBank {
  readonly backend: readonly string[];
  readonly users: readonly string[];
  /** Fingerprint of the certificate that is shown for its domain, or what went wrong. */
  readonly certificate: string;
  readonly rules: readonly unknown[];
  readonly targets: readonly unknown[];
  /** Targets of a job that the operator made, whose name a service may try to take. */
  readonly jobOfOperator: readonly unknown[];
  readonly replicas: number;
}

export async function heldForBank(stack: AttackedStack): Promise<HeldForBank> {
  const config = await stack.askProxy('/config');
  const { groups } = await stack.askPrometheus<{
    groups: readonly { rules: readonly { name: string; query: string; labels: unknown }[] }[];
  }>('rules');
  const { activeTargets } = await stack.askPrometheus<{
    activeTargets: readonly { labels: { job: string; instance: string } }[];
  }>('targets');
  return {
    backend: config.split(/\n(?=\S)/).filter((section) => section.includes('server bank bank:')),
    users: config.split(/\n(?=\S)/).filter((section) => section.includes('teller')),
    certificate: await shownToBank(stack.cluster.address),
    rules: groups
      .flatMap(({ rules }) => rules)
      .filter(({ name }) => name === 'bank_never')
      .map(({ query, labels }) => ({ query, labels })),
    targets: activeTargets
      .map(({ labels }) => labels)
      .filter(({ job }) => job === 'bank')
      .sort((a, b) => a.instance.localeCompare(b.instance)),
    jobOfOperator: activeTargets.map(({ labels }) => labels).filter(({ job }) => job === 'prometheus'),
    replicas: await wantedReplicas(stack.cluster.docker, 'bank'),
  };
}

function shownToBank(host: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, servername: 'bank.test', rejectUnauthorized: false });
    socket.on('secureConnect', () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', (error) => resolve(String(error)));
  });
}
