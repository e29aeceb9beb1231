import type { Issue, Parameters } from '@docker-flow/labels';
import type { Announcement } from './announcement.js';
import type { Delivery, Orders, Outcome } from './delivery.js';
import { rejectedName, sharedName } from './name-issues.js';
import { selectReceivers, type Receiver, type Receivers } from './receivers.js';
import {
  createTrackedObjects,
  dropTombstone,
  tombstoneOf,
  setTombstone,
  without,
  type TrackedObject,
} from './tracked-objects.js';

/** After so many times given up a removal is not tried again. */
const MAX_REMOVAL_ROUNDS = 100;

export interface DeliveryLedger {
  /** The object is there and looks like this. */
  present(id: string, announcement: Announcement, flags?: PresentFlags): Orders;
  /** The object is gone. `announcement`: what it looks like, for receivers that may know it from earlier times. */
  absent(id: string, flags?: { announcement?: Announcement; again?: boolean }): Orders;
  /** How a delivery has ended. */
  settle(delivery: Delivery, outcome: Outcome): void;
  /** What was given up is to be tried again. */
  retryRemovals(): Orders;
  /** What an earlier run of the program has told. */
  restore(id: string, name: string, remove: Parameters): void;
  /** Objects that receivers know or may know, with what a remove would say. */
  known(): readonly { readonly id: string; readonly name: string; readonly remove: Parameters }[];
  /** Objects that are there. */
  count(): number;
  /** Whether every receiver that shall know of the object has been told its newest state. */
  isSettled(id: string): boolean;
  /** Names that two services want, as it is now. */
  nameIssues(): readonly Issue[];
}

export interface PresentFlags {
  /** Also to receivers that know it already. */
  readonly always?: boolean;
  /** Nothing of it serves: say first that it is gone. */
  readonly removeFirst?: boolean;
}

interface OrderBook extends Orders {
  readonly cancel: Delivery[];
  readonly finish: Delivery[];
  readonly start: Delivery[];
  readonly nameIssues: Issue[];
}

function noOrders(): OrderBook {
  return { cancel: [], finish: [], start: [], nameIssues: [] };
}

/** Who was told what, and what follows from a change: the difference per receiver, newest state only. */
export function createDeliveryLedger(receivers: Receivers): DeliveryLedger {
  const objects = createTrackedObjects();
  const places = new Map(receivers.create.map((receiver, place) => [receiver, place]));

  function drop(object: TrackedObject, delivery: Delivery, list: Delivery[]): void {
    object.active = without(object.active, delivery);
    list.push(delivery);
  }

  function start(object: TrackedObject, delivery: Omit<Delivery, 'objectId'>, orders: OrderBook): Delivery {
    const started: Delivery = { objectId: object.id, ...delivery };
    object.active = [...object.active, started];
    orders.start.push(started);
    return started;
  }

  function removal(name: string, receiver: Receiver, parameters: Parameters, singleAttempt: boolean) {
    return { name, receiver, parameters, revision: '', after: [], singleAttempt };
  }

  function startRemovals(object: TrackedObject, name: string, orders: OrderBook, again = false): void {
    const tombstone = tombstoneOf(object, name);
    for (const receiver of tombstone?.pending ?? []) {
      const running = object.active.find((one) => one.receiver === receiver && one.name === name);
      if (running && !again) continue;
      if (running) drop(object, running, orders.cancel);
      start(object, removal(name, receiver, tombstone?.parameters ?? {}, false), orders);
    }
  }

  /** From now on receivers shall not know `name`; unless another object has it, which is then told again. */
  function withdraw(
    object: TrackedObject,
    { name, remove }: { readonly name: string; readonly remove: Parameters },
    orders: OrderBook,
    again: boolean,
  ): void {
    const others = objects.withSameName(name, object.id);
    const successor =
      others.find((one) => one.wanted?.name === name) ?? others.find((one) => one.claim?.name === name);
    const next = successor?.wanted ?? successor?.claim;
    if (next || receivers.remove.length === 0) {
      objects.dropName(name, object.id);
      dropTombstone(object, name);
      if (successor && next) announce(successor, next, orders, { always: true });
      return;
    }
    objects.addName(name, object.id);
    const rounds = tombstoneOf(object, name)?.rounds ?? 0;
    setTombstone(object, { name, parameters: remove, pending: new Set(receivers.remove), rounds });
    startRemovals(object, name, orders, again);
  }

  /** Those that are announced under this name, as their own or cut. */
  function rivals(object: TrackedObject, name: string, isShortened: boolean): readonly TrackedObject[] {
    return objects
      .withSameName(name, object.id)
      .filter(({ wanted }) => wanted?.name === name && (wanted.shortenedFrom !== undefined) === isShortened);
  }

  /** The name is that of another service: nobody is told of this one until that has gone. */
  function reject(object: TrackedObject, announcement: Announcement, orders: OrderBook): void {
    const { name } = announcement;
    for (const delivery of object.active) {
      if (delivery.receiver.event === 'create') drop(object, delivery, orders.cancel);
      else if (delivery.name === name) drop(object, delivery, orders.finish);
    }
    dropTombstone(object, name);
    const before = object.known;
    if (object.claim?.name !== name) orders.nameIssues.push(...rejectedName(announcement));
    object.claim = announcement;
    object.wanted = undefined;
    object.known = undefined;
    object.told = [];
    objects.addName(name, object.id);
    if (before && before.name !== name) withdraw(object, before, orders, false);
  }

  function announce(
    object: TrackedObject,
    announcement: Announcement,
    orders: OrderBook,
    flags: PresentFlags,
  ): void {
    const { name, shortenedFrom } = announcement;
    const isShortened = shortenedFrom !== undefined;
    if (isShortened && rivals(object, name, false).length > 0) {
      reject(object, announcement, orders);
      return;
    }
    const isNewName = object.wanted?.name !== name;
    tell(object, announcement, orders, flags);
    const claimants = rivals(object, name, true);
    if (!isShortened) for (const other of claimants) if (other.wanted) reject(other, other.wanted, orders);
    if (isShortened && isNewName && claimants.length > 0) orders.nameIssues.push(...sharedName(announcement));
  }

  function tell(
    object: TrackedObject,
    announcement: Announcement,
    orders: OrderBook,
    { always = false, removeFirst = false }: PresentFlags,
  ): void {
    const { name, revision } = announcement;
    for (const delivery of object.active) {
      const isCreate = delivery.receiver.event === 'create';
      const outdated = isCreate ? always || delivery.revision !== revision : delivery.name === name;
      if (outdated) drop(object, delivery, orders.cancel);
    }
    dropTombstone(object, name);
    const before = object.known;
    object.wanted = announcement;
    object.claim = undefined;
    object.known = { name, remove: announcement.remove };
    objects.addName(name, object.id);
    if (before && before.name !== name) withdraw(object, before, orders, false);
    if (removeFirst)
      for (const receiver of receivers.remove)
        start(object, removal(name, receiver, announcement.remove, true), orders);
    const overtaken = overtake(object.id, name, orders);
    const earlier = [...overtaken, ...object.active.filter((one) => one.receiver.event === 'remove')];
    const targets = selectReceivers(receivers.create, announcement.notifyService);
    object.told = receivers.create.map((receiver, place) =>
      always || !targets.includes(receiver) ? undefined : object.told[place],
    );
    for (const receiver of targets) {
      if (object.active.some((one) => one.receiver === receiver)) continue;
      const place = places.get(receiver) ?? -1;
      if (object.told[place] === revision) continue;
      // From now on nobody knows what it holds: an attempt that fails or is cancelled may have reached it.
      object.told = object.told.map((one, other) => (other === place ? undefined : one));
      const after = earlier.filter((one) => one.receiver.host === receiver.host);
      const { create: parameters } = announcement;
      start(object, { name, receiver, parameters, revision, after, singleAttempt: false }, orders);
    }
  }

  /** Removals of the same name for an object that is gone must not be repeated after this one was told. */
  function overtake(id: string, name: string, orders: OrderBook): Delivery[] {
    const overtaken: Delivery[] = [];
    for (const other of objects.withSameName(name, id)) {
      if (!dropTombstone(other, name)) continue;
      for (const delivery of other.active) {
        if (delivery.name !== name || delivery.receiver.event !== 'remove') continue;
        drop(other, delivery, orders.finish);
        overtaken.push(delivery);
      }
      objects.dropName(name, other.id);
      objects.tidy(other);
    }
    return overtaken;
  }

  function settleRemoval(object: TrackedObject, { name, receiver }: Delivery, outcome: Outcome): void {
    const tombstone = tombstoneOf(object, name);
    if (!tombstone) return;
    const rounds = tombstone.rounds + (outcome === 'given up' ? 1 : 0);
    const done = outcome === 'delivered' || rounds >= MAX_REMOVAL_ROUNDS;
    const pending = new Set([...tombstone.pending].filter((one) => !done || one !== receiver));
    if (pending.size > 0) setTombstone(object, { ...tombstone, pending, rounds });
    else {
      dropTombstone(object, name);
      if (object.known?.name !== name) objects.dropName(name, object.id);
    }
  }

  return {
    present(id, announcement, flags = {}) {
      const orders = noOrders();
      announce(objects.getOrAdd(id), announcement, orders, flags);
      return orders;
    },
    absent(id, { announcement, again = false } = {}) {
      const orders = noOrders();
      const object = announcement ? objects.getOrAdd(id) : objects.get(id);
      if (!object) return orders;
      for (const delivery of object.active)
        if (delivery.receiver.event === 'create' || delivery.singleAttempt)
          drop(object, delivery, orders.cancel);
      const names = [object.known, announcement].filter((one) => one !== undefined);
      if (object.claim) objects.dropName(object.claim.name, id);
      object.claim = undefined;
      object.wanted = undefined;
      object.known = undefined;
      object.told = [];
      for (const one of names) withdraw(object, one, orders, again);
      for (const { name } of object.tombstones)
        if (!names.some((one) => one.name === name)) startRemovals(object, name, orders, again);
      objects.tidy(object);
      return orders;
    },
    settle(delivery, outcome) {
      const object = objects.get(delivery.objectId);
      if (!object?.active.includes(delivery)) return;
      object.active = without(object.active, delivery);
      const { receiver, revision } = delivery;
      if (receiver.event === 'remove') {
        if (!delivery.singleAttempt) settleRemoval(object, delivery, outcome);
      } else if (outcome === 'delivered' || outcome === 'rejected') {
        object.told = receivers.create.map((one, place) =>
          one === receiver ? revision : object.told[place],
        );
      }
      objects.tidy(object);
    },
    retryRemovals() {
      const orders = noOrders();
      for (const object of objects.all())
        for (const { name } of object.tombstones) startRemovals(object, name, orders);
      return orders;
    },
    restore(id, name, remove) {
      objects.getOrAdd(id).known = { name, remove };
      objects.addName(name, id);
    },
    known: () =>
      [...objects.all()].flatMap(({ id, known, tombstones }) => [
        ...(known ? [{ id, ...known }] : []),
        ...tombstones.map(({ name, parameters }) => ({ id, name, remove: parameters })),
      ]),
    count() {
      let count = 0;
      for (const object of objects.all()) if (object.wanted) count += 1;
      return count;
    },
    nameIssues: () =>
      [...objects.all()].flatMap((object) => {
        const { wanted, claim } = object;
        if (claim) return rejectedName(claim);
        const isShared = wanted?.shortenedFrom !== undefined && rivals(object, wanted.name, true).length > 0;
        return isShared ? sharedName(wanted) : [];
      }),
    isSettled(id) {
      const object = objects.get(id);
      if (object?.claim) return true;
      if (!object?.wanted || object.tombstones.length > 0) return false;
      const { revision, notifyService } = object.wanted;
      return selectReceivers(receivers.create, notifyService).every(
        (receiver) => object.told[places.get(receiver) ?? -1] === revision,
      );
    },
  };
}
