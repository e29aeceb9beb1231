import { readRows, withoutCredentials, type Parameters } from '@docker-flow/labels';
import { CannotRunError } from '../exit-status.js';
import type { Ask } from './ask.js';

const SERVICES = '/v1/docker-flow-swarm-listener/get-services';

/** What a listener has announced, by the name that receivers hear. */
export async function announcedServices(ask: Ask, address: string): Promise<ReadonlyMap<string, Parameters>> {
  const rows = readRows(await ask.json(address, SERVICES));
  if (!rows)
    throw new CannotRunError(`${withoutCredentials(address)}${SERVICES} does not answer with a list`);
  return new Map(rows.map((row) => [row['serviceName'] ?? '', row]));
}
