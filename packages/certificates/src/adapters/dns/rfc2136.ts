import type { DnsProvider } from '../../config/config.js';
import type { DnsWriter, WallClock } from '../../ports.js';
import { encodeUpdate, readUpdateAnswer, type UpdateChange } from './message.js';
import { sendMessage } from './send-message.js';
import { waitForValue } from './settled-record.js';
import { findZone, resolverAddresses, serversOf } from './zone-servers.js';

type Rfc2136 = Extract<DnsProvider, { readonly kind: 'rfc2136' }>;

export interface Rfc2136Options {
  readonly provider: Rfc2136;
  readonly clock: WallClock;
  readonly waitMs: number;
}

/** Writes records by updates that a name server takes (RFC 2136). */
export function createRfc2136Writer({ provider, clock, waitMs }: Rfc2136Options): DnsWriter {
  const { server, key } = provider;
  const recordOf = (domain: string) => `_acme-challenge.${domain}`;

  async function update(change: UpdateChange, signal?: AbortSignal): Promise<void> {
    const zone = provider.zone ?? (await findZone(server, change.name));
    if (zone === undefined)
      throw new Error(`${server.host} is the server of no zone with ${change.name}; RFC2136_ZONE says which`);
    // Signatures live by the clock of the machine: the name server compares with its own.
    const message = encodeUpdate(zone, change, key, Math.floor(Date.now() / 1_000));
    const refusal = readUpdateAnswer(await sendMessage(server, message.bytes, signal), message, key);
    if (refusal !== undefined)
      throw new Error(`${server.host} refuses the update of ${change.name}: ${refusal}`);
  }

  return {
    add: (domain, value, signal) => update({ kind: 'add', name: recordOf(domain), value }, signal),
    remove: (domain, value) => update({ kind: 'remove', name: recordOf(domain), value }),
    async settled(domain, value, signal) {
      const found = await serversOf(recordOf(domain));
      const servers = found.length > 0 ? found : await resolverAddresses(server);
      await waitForValue({ name: recordOf(domain), value, servers }, { clock, waitMs }, signal);
    },
  };
}
