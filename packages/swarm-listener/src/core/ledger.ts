import type { Parameters } from '@docker-flow/labels';
import type { Announcement } from './announcement.js';
import type { Delivery, Orders, Outcome } from './delivery.js';
import { selectReceivers, type Receiver, type Receivers } from './receivers.js';

interface Gone {
  readonly parameters: Parameters;
  readonly pending: Set<Receiver>;
  rounds: number;
}

interface Subject {
  wanted: Announcement | undefined;
  /** The revision each create receiver has. */
  readonly told: Map<Receiver, string>;
  /** The name receivers may know it by, with what a remove would say. */
  known: { readonly name: string; readonly remove: Parameters } | undefined;
  /** Names that receivers shall forget. */
  readonly gone: Map<string, Gone>;
  readonly active: Set<Delivery>;
}

/** After so many times given up a removal is not tried again. */
const MAX_REMOVAL_ROUNDS = 100;

export interface Ledger {
  /** The subject is there and looks like this. */
  present(
    id: string,
    announcement: Announcement,
    flags?: { always?: boolean; removeFirst?: boolean },
  ): Orders;
  /** The subject is gone. `announcement`: what it looks like, for receivers that may know it from earlier times. */
  absent(id: string, flags?: { announcement?: Announcement; again?: boolean }): Orders;
  /** How a delivery has ended. */
  settle(delivery: Delivery, outcome: Outcome): void;
  /** What was given up is to be tried again. */
  retryRemovals(): Orders;
  /** What an earlier run of the program has told. */
  restore(id: string, name: string, remove: Parameters): void;
  /** Subjects that receivers know or may know, with what a remove would say. */
  known(): readonly { readonly id: string; readonly name: string; readonly remove: Parameters }[];
  /** Subjects that are there. */
  count(): number;
  /** Whether every receiver that shall know of the subject has been told its newest state. */
  isSettled(id: string): boolean;
}

interface OrderBook extends Orders {
  readonly cancel: Delivery[];
  readonly finish: Delivery[];
  readonly start: Delivery[];
  unheard: boolean;
}

function noOrders(): OrderBook {
  return { cancel: [], finish: [], start: [], unheard: false };
}

/** Who was told what, and what follows from a change: the difference per receiver, newest state only. */
export function createLedger(receivers: Receivers): Ledger {
  const subjects = new Map<string, Subject>();
  /** Several subjects may have one name: short names of two stacks, or a service created anew. */
  const byName = new Map<string, Set<string>>();

  function subjectOf(id: string): Subject {
    let subject = subjects.get(id);
    if (!subject) {
      subject = {
        wanted: undefined,
        told: new Map(),
        known: undefined,
        gone: new Map(),
        active: new Set(),
      };
      subjects.set(id, subject);
    }
    return subject;
  }

  function index(name: string, id: string): void {
    const ids = byName.get(name) ?? new Set();
    byName.set(name, ids.add(id));
  }

  function unindex(name: string, id: string): void {
    const ids = byName.get(name);
    ids?.delete(id);
    if (ids?.size === 0) byName.delete(name);
  }

  /** Another subject of this name that is there. */
  function namesake(name: string, id: string): string | undefined {
    for (const other of byName.get(name) ?? [])
      if (other !== id && subjects.get(other)?.wanted?.name === name) return other;
    return undefined;
  }

  function tidy(id: string, subject: Subject): void {
    if (subject.wanted || subject.known || subject.gone.size > 0 || subject.active.size > 0) return;
    subjects.delete(id);
  }

  function drop(subject: Subject, delivery: Delivery, list: Delivery[]): void {
    subject.active.delete(delivery);
    list.push(delivery);
  }

  function start(subject: Subject, delivery: Delivery, orders: OrderBook): Delivery {
    subject.active.add(delivery);
    orders.start.push(delivery);
    return delivery;
  }

  function startRemovals(
    id: string,
    subject: Subject,
    name: string,
    orders: OrderBook,
    flags: { once?: boolean; again?: boolean } = {},
  ): void {
    const gone = subject.gone.get(name);
    if (!gone) return;
    for (const receiver of gone.pending) {
      const running = [...subject.active].find((one) => one.receiver === receiver && one.name === name);
      if (running && !flags.again) continue;
      if (running) drop(subject, running, orders.cancel);
      start(
        subject,
        {
          subject: id,
          name,
          receiver,
          parameters: gone.parameters,
          revision: '',
          after: [],
          once: flags.once ?? false,
        },
        orders,
      );
    }
  }

  /** From now on receivers shall not know `name`; unless another subject has it, which is then told again. */
  function withdraw(
    id: string,
    subject: Subject,
    name: string,
    remove: Parameters,
    orders: OrderBook,
    again: boolean,
  ): void {
    const other = namesake(name, id);
    if (other !== undefined) {
      unindex(name, id);
      subject.gone.delete(name);
      const wanted = subjects.get(other)?.wanted;
      if (wanted) announce(other, wanted, orders, { always: true });
      return;
    }
    if (receivers.remove.length === 0) {
      unindex(name, id);
      return;
    }
    index(name, id);
    const before = subject.gone.get(name);
    subject.gone.set(name, {
      parameters: remove,
      pending: new Set(receivers.remove),
      rounds: before?.rounds ?? 0,
    });
    startRemovals(id, subject, name, orders, { again });
  }

  function announce(
    id: string,
    announcement: Announcement,
    orders: OrderBook,
    { always = false, removeFirst = false }: { always?: boolean; removeFirst?: boolean },
  ): void {
    const subject = subjectOf(id);
    const { name, revision } = announcement;
    for (const delivery of [...subject.active]) {
      const isCreate = delivery.receiver.event === 'create';
      const outdated = isCreate ? always || delivery.revision !== revision : delivery.name === name;
      if (outdated) drop(subject, delivery, orders.cancel);
    }
    subject.gone.delete(name);
    const before = subject.known;
    const isNew = subject.wanted?.revision !== revision;
    subject.wanted = announcement;
    subject.known = { name, remove: announcement.remove };
    index(name, id);
    if (before && before.name !== name) withdraw(id, subject, before.name, before.remove, orders, false);
    const preludes = removeFirst ? prelude(id, subject, announcement, orders) : [];
    const overtaken = overtake(id, name, orders);
    const removals = [...subject.active].filter((one) => one.receiver.event === 'remove');
    const targets = selectReceivers(receivers.create, announcement.notifyService);
    orders.unheard ||= isNew && targets.length === 0 && receivers.create.length > 0;
    for (const receiver of subject.told.keys())
      if (!targets.includes(receiver)) subject.told.delete(receiver);
    for (const receiver of targets) {
      const running = [...subject.active].some((one) => one.receiver === receiver);
      if (running || (!always && subject.told.get(receiver) === revision)) continue;
      subject.told.delete(receiver);
      const after = [...preludes, ...overtaken, ...removals].filter(
        (one) => one.receiver.host === receiver.host,
      );
      const parameters = announcement.create;
      start(
        subject,
        { subject: id, name, receiver, parameters, revision, after: [...new Set(after)], once: false },
        orders,
      );
    }
  }

  /** A remove that says only for a moment that nothing of the subject serves. */
  function prelude(id: string, subject: Subject, announcement: Announcement, orders: OrderBook): Delivery[] {
    return receivers.remove.map((receiver) =>
      start(
        subject,
        {
          subject: id,
          name: announcement.name,
          receiver,
          parameters: announcement.remove,
          revision: '',
          after: [],
          once: true,
        },
        orders,
      ),
    );
  }

  /** Removals of the same name for a subject that is gone must not be repeated after this one was told. */
  function overtake(id: string, name: string, orders: OrderBook): Delivery[] {
    const overtaken: Delivery[] = [];
    for (const other of [...(byName.get(name) ?? [])]) {
      const subject = other === id ? undefined : subjects.get(other);
      if (!subject?.gone.delete(name)) continue;
      for (const delivery of [...subject.active]) {
        if (delivery.name !== name || delivery.receiver.event !== 'remove') continue;
        drop(subject, delivery, orders.finish);
        overtaken.push(delivery);
      }
      unindex(name, other);
      tidy(other, subject);
    }
    return overtaken;
  }

  return {
    present(id, announcement, flags = {}) {
      const orders = noOrders();
      announce(id, announcement, orders, flags);
      return orders;
    },
    absent(id, { announcement, again = false } = {}) {
      const orders = noOrders();
      if (!announcement && !subjects.has(id)) return orders;
      const subject = subjectOf(id);
      for (const delivery of [...subject.active])
        if (delivery.receiver.event === 'create' || delivery.once) drop(subject, delivery, orders.cancel);
      const names = [subject.known, announcement].filter((one) => one !== undefined);
      subject.wanted = undefined;
      subject.known = undefined;
      subject.told.clear();
      for (const { name, remove } of names) withdraw(id, subject, name, remove, orders, again);
      for (const name of subject.gone.keys())
        if (!names.some((one) => one.name === name)) startRemovals(id, subject, name, orders, { again });
      tidy(id, subject);
      return orders;
    },
    settle(delivery, outcome) {
      const subject = subjects.get(delivery.subject);
      if (!subject?.active.delete(delivery)) return;
      const { receiver, name } = delivery;
      if (receiver.event === 'create') {
        if (outcome === 'delivered' || outcome === 'refused') subject.told.set(receiver, delivery.revision);
      } else if (!delivery.once) {
        settleRemoval(subject, delivery, outcome);
        if (!subject.gone.has(name) && subject.known?.name !== name) unindex(name, delivery.subject);
      }
      tidy(delivery.subject, subject);
    },
    retryRemovals() {
      const orders = noOrders();
      for (const [id, subject] of subjects)
        for (const name of subject.gone.keys()) startRemovals(id, subject, name, orders);
      return orders;
    },
    restore(id, name, remove) {
      const subject = subjectOf(id);
      subject.known = { name, remove };
      index(name, id);
    },
    known: () =>
      [...subjects].flatMap(([id, { known, gone }]) => [
        ...(known ? [{ id, ...known }] : []),
        ...[...gone].map(([name, { parameters }]) => ({ id, name, remove: parameters })),
      ]),
    count() {
      let count = 0;
      for (const subject of subjects.values()) if (subject.wanted) count += 1;
      return count;
    },
    isSettled(id) {
      const subject = subjects.get(id);
      if (!subject?.wanted || subject.gone.size > 0) return false;
      const { revision, notifyService } = subject.wanted;
      return selectReceivers(receivers.create, notifyService).every(
        (receiver) => subject.told.get(receiver) === revision,
      );
    },
  };
}

function settleRemoval(subject: Subject, delivery: Delivery, outcome: Outcome): void {
  const gone = subject.gone.get(delivery.name);
  if (!gone) return;
  if (outcome === 'given up') gone.rounds += 1;
  if (outcome === 'delivered' || gone.rounds >= MAX_REMOVAL_ROUNDS) gone.pending.delete(delivery.receiver);
  if (gone.pending.size === 0) subject.gone.delete(delivery.name);
}
