import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Parameters } from '@docker-flow/labels';
import type { Announcement } from './announcement.js';
import type { Delivery, Orders, Outcome } from './delivery.js';
import { createDeliveryLedger } from './delivery-ledger.js';
import { aReceiver } from '../../testing/swarm-objects.js';

/**
 * The ledger against hosts that apply what they are told: whatever order things happen in, and however often
 * deliveries fail, repeated comparisons bring every host to the wanted state.
 */

const HOSTS = ['proxy:1', 'monitor:2'];
const IDS = ['a', 'b', 'c'];
const NAMES = ['web', 'api'];

interface Step {
  readonly id: string;
  /** Absent: the service goes. */
  readonly state: { readonly name: string; readonly revision: string } | undefined;
  readonly again: boolean;
  /** How many of the deliveries under way end now, and how. */
  readonly ends: readonly { readonly which: number; readonly outcome: Outcome; readonly applied: boolean }[];
}

const end = fc.record({
  which: fc.nat(20),
  outcome: fc.constantFrom<Outcome>('delivered', 'given up', 'rejected'),
  applied: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.record({
  id: fc.constantFrom(...IDS),
  state: fc.option(fc.record({ name: fc.constantFrom(...NAMES), revision: fc.constantFrom('1', '2', '3') }), {
    nil: undefined,
  }),
  again: fc.boolean(),
  ends: fc.array(end, { maxLength: 4 }),
});

function announcementOf(id: string, { name, revision }: { name: string; revision: string }): Announcement {
  const create = { serviceName: name, id, revision };
  return {
    name,
    revision: `${id} ${name} ${revision}`,
    create,
    remove: { serviceName: name },
    notifyService: undefined,
  };
}

test('every host ends with the wanted state, whatever happened on the way', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const ledger = createDeliveryLedger({
        create: HOSTS.map((host) => aReceiver('create', host)),
        remove: HOSTS.map((host) => aReceiver('remove', host)),
      });
      const held = new Map(HOSTS.map((host) => [host, new Map<string, Parameters>()]));
      const wanted = new Map<string, { name: string; revision: string }>();
      let active: Delivery[] = [];

      function apply({ receiver, name, parameters }: Delivery): void {
        const services = held.get(receiver.host);
        if (receiver.event === 'create') services?.set(name, parameters);
        else services?.delete(name);
      }
      function carryOut({ cancel, finish, start }: Orders): void {
        // A cancelled attempt may have reached its receiver all the same; the queue keeps what is newer back until it has ended.
        for (const delivery of [...cancel, ...finish]) apply(delivery);
        active = active.filter((one) => !cancel.includes(one) && !finish.includes(one));
        active.push(...start);
      }
      function finishOne(which: number, outcome: Outcome, applied: boolean): void {
        // What a delivery has to wait for comes first, at its host.
        const ready = active.filter((one) => !one.after.some((before) => active.includes(before)));
        const delivery = ready[which % Math.max(1, ready.length)];
        if (!delivery) return;
        active = active.filter((one) => one !== delivery);
        if (applied || outcome === 'delivered') apply(delivery);
        ledger.settle(
          delivery,
          delivery.receiver.event === 'remove' && outcome === 'rejected' ? 'given up' : outcome,
        );
      }
      function tell(id: string, again: boolean): void {
        const state = wanted.get(id);
        carryOut(state ? ledger.present(id, announcementOf(id, state)) : ledger.absent(id, { again }));
      }

      for (const { id, state, again, ends } of steps) {
        // Two services with one name at a time is a mistake of the user, and has no right answer.
        const taken = [...wanted].some(([other, one]) => other !== id && one.name === state?.name);
        if (state && !taken) wanted.set(id, state);
        else if (!state) wanted.delete(id);
        tell(id, again);
        // Rejected is the receiver's own will; here it only means that it keeps what it has.
        for (const { which, outcome, applied } of ends)
          finishOne(which, outcome === 'rejected' ? 'given up' : outcome, applied);
      }
      for (let round = 0; round < 3; round += 1) {
        for (const id of IDS) tell(id, false);
        carryOut(ledger.retryRemovals());
        while (active.length > 0) finishOne(0, 'delivered', true);
      }
      const right = new Map([...wanted].map(([id, state]) => [state.name, announcementOf(id, state).create]));
      for (const host of HOSTS) expect(held.get(host)).toEqual(right);
      expect(ledger.count()).toBe(wanted.size);
      expect(ledger.known()).toHaveLength(wanted.size);
    }),
    { numRuns: 300 },
  );
});
