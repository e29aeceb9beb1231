import {
  addressesOf,
  askFrom,
  openPortsFrom,
  type Question,
  type Range,
} from '../../harness/swarm/ask-from.js';
import type { DockerCli } from '../../harness/swarm/docker-cli.js';

const OWN_SERVICES = [
  ...['alert-manager', 'dashboard', 'docker-guard', 'docker-read', 'monitor', 'proxy', 'scaler'],
  'swarm-listener',
];

/** Where a program listens that has an API. */
const PORTS = [80, 443, 2375, 8080, 9090, 9093, 9094];

/** What of the stack takes connections from a service on one of its networks, as `service:port`. */
export async function openFrom(
  docker: DockerCli,
  service: string,
  network: string,
): Promise<readonly string[]> {
  const owners = new Map<string, string>();
  const ranges: Range[] = [];
  for (const name of OWN_SERVICES)
    for (const [where, address] of Object.entries(await addressesOf(docker, `flow_${name}`))) {
      owners.set(address, name);
      if (where === network) ranges.push([address, 1, 20_000]);
      else ranges.push(...PORTS.map((port): Range => [address, port, port]));
    }
  const open = await openPortsFrom(docker, service, ranges);
  return open.map((one) => `${owners.get(one.split(':')[0] ?? '') ?? ''}:${one.split(':')[1] ?? ''}`).sort();
}

/** `METHOD URL` → status, from inside a service. */
export async function statusesFrom(
  docker: DockerCli,
  service: string,
  questions: readonly Question[],
): Promise<Readonly<Record<string, string | number>>> {
  const replies = await askFrom(docker, service, questions);
  return Object.fromEntries(
    questions.map(({ method = 'GET', url }, index) => [`${method} ${url}`, replies[index]?.status ?? '']),
  );
}

/** What `statusesFrom` answers when each of them has this status. */
export function everyOne(
  status: number | string,
  questions: readonly Question[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(questions.map(({ method = 'GET', url }) => [`${method} ${url}`, status]));
}

/** Those with another status than these. */
export function allBut(
  wanted: readonly number[],
  statuses: Readonly<Record<string, string | number>>,
): readonly (readonly [string, string | number])[] {
  return Object.entries(statuses).filter(([, status]) => !wanted.includes(Number(status)));
}
