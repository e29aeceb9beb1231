import type { Parameters } from '@docker-flow/labels';
import type { Announcement } from '../services/announcement.js';
import type { Delivery, Orders, Outcome } from './delivery.js';
import { selectReceivers, type Receiver, type Receivers } from './receivers.js';
import { createSubjects, dropGone, goneOf, setGone, without, type Subject } from './told-state.js';

/** After so many times given up a removal is not tried again. */
const MAX_REMOVAL_ROUNDS = 100;

export interface Ledger {
  /** The subject is there and looks like this. */
  present(id: string, announcement: Announcement, flags?: PresentFlags): Orders;
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
  unheard: boolean;
}

function noOrders(): OrderBook {
  return { cancel: [], finish: [], start: [], unheard: false };
}

/** Who was told what, and what follows from a change: the difference per receiver, newest state only. */
export function createLedger(receivers: Receivers): Ledger {
  const subjects = createSubjects();
  const places = new Map(receivers.create.map((receiver, place) => [receiver, place]));

  function drop(subject: Subject, delivery: Delivery, list: Delivery[]): void {
    subject.active = without(subject.active, delivery);
    list.push(delivery);
  }

  function start(subject: Subject, delivery: Omit<Delivery, 'subject'>, orders: OrderBook): Delivery {
    const started: Delivery = { subject: subject.id, ...delivery };
    subject.active = [...subject.active, started];
    orders.start.push(started);
    return started;
  }

  function removal(name: string, receiver: Receiver, parameters: Parameters, once: boolean) {
    return { name, receiver, parameters, revision: '', after: [], once };
  }

  function startRemovals(subject: Subject, name: string, orders: OrderBook, again = false): void {
    const gone = goneOf(subject, name);
    for (const receiver of gone?.pending ?? []) {
      const running = subject.active.find((one) => one.receiver === receiver && one.name === name);
      if (running && !again) continue;
      if (running) drop(subject, running, orders.cancel);
      start(subject, removal(name, receiver, gone?.parameters ?? {}, false), orders);
    }
  }

  /** From now on receivers shall not know `name`; unless another subject has it, which is then told again. */
  function withdraw(
    subject: Subject,
    { name, remove }: { readonly name: string; readonly remove: Parameters },
    orders: OrderBook,
    again: boolean,
  ): void {
    const heir = subjects.namesakes(name, subject.id).find((one) => one.wanted?.name === name);
    if (heir?.wanted || receivers.remove.length === 0) {
      subjects.dropName(name, subject.id);
      dropGone(subject, name);
      if (heir?.wanted) announce(heir, heir.wanted, orders, { always: true });
      return;
    }
    subjects.addName(name, subject.id);
    const rounds = goneOf(subject, name)?.rounds ?? 0;
    setGone(subject, { name, parameters: remove, pending: new Set(receivers.remove), rounds });
    startRemovals(subject, name, orders, again);
  }

  function announce(
    subject: Subject,
    announcement: Announcement,
    orders: OrderBook,
    { always = false, removeFirst = false }: PresentFlags,
  ): void {
    const { name, revision } = announcement;
    for (const delivery of subject.active) {
      const isCreate = delivery.receiver.event === 'create';
      const outdated = isCreate ? always || delivery.revision !== revision : delivery.name === name;
      if (outdated) drop(subject, delivery, orders.cancel);
    }
    dropGone(subject, name);
    const before = subject.known;
    const isNew = subject.wanted?.revision !== revision;
    subject.wanted = announcement;
    subject.known = { name, remove: announcement.remove };
    subjects.addName(name, subject.id);
    if (before && before.name !== name) withdraw(subject, before, orders, false);
    if (removeFirst)
      for (const receiver of receivers.remove)
        start(subject, removal(name, receiver, announcement.remove, true), orders);
    const overtaken = overtake(subject.id, name, orders);
    const earlier = [...overtaken, ...subject.active.filter((one) => one.receiver.event === 'remove')];
    const targets = selectReceivers(receivers.create, announcement.notifyService);
    orders.unheard ||= isNew && targets.length === 0 && receivers.create.length > 0;
    subject.told = receivers.create.map((receiver, place) =>
      always || !targets.includes(receiver) ? undefined : subject.told[place],
    );
    for (const receiver of targets) {
      if (subject.active.some((one) => one.receiver === receiver)) continue;
      const place = places.get(receiver) ?? -1;
      if (subject.told[place] === revision) continue;
      // From now on nobody knows what it holds: an attempt that fails or is cancelled may have reached it.
      subject.told = subject.told.map((one, other) => (other === place ? undefined : one));
      const after = earlier.filter((one) => one.receiver.host === receiver.host);
      const { create: parameters } = announcement;
      start(subject, { name, receiver, parameters, revision, after, once: false }, orders);
    }
  }

  /** Removals of the same name for a subject that is gone must not be repeated after this one was told. */
  function overtake(id: string, name: string, orders: OrderBook): Delivery[] {
    const overtaken: Delivery[] = [];
    for (const other of subjects.namesakes(name, id)) {
      if (!dropGone(other, name)) continue;
      for (const delivery of other.active) {
        if (delivery.name !== name || delivery.receiver.event !== 'remove') continue;
        drop(other, delivery, orders.finish);
        overtaken.push(delivery);
      }
      subjects.dropName(name, other.id);
      subjects.tidy(other);
    }
    return overtaken;
  }

  function settleRemoval(subject: Subject, { name, receiver }: Delivery, outcome: Outcome): void {
    const gone = goneOf(subject, name);
    if (!gone) return;
    const rounds = gone.rounds + (outcome === 'given up' ? 1 : 0);
    const done = outcome === 'delivered' || rounds >= MAX_REMOVAL_ROUNDS;
    const pending = new Set([...gone.pending].filter((one) => !done || one !== receiver));
    if (pending.size > 0) setGone(subject, { ...gone, pending, rounds });
    else {
      dropGone(subject, name);
      if (subject.known?.name !== name) subjects.dropName(name, subject.id);
    }
  }

  return {
    present(id, announcement, flags = {}) {
      const orders = noOrders();
      announce(subjects.getOrAdd(id), announcement, orders, flags);
      return orders;
    },
    absent(id, { announcement, again = false } = {}) {
      const orders = noOrders();
      const subject = announcement ? subjects.getOrAdd(id) : subjects.get(id);
      if (!subject) return orders;
      for (const delivery of subject.active)
        if (delivery.receiver.event === 'create' || delivery.once) drop(subject, delivery, orders.cancel);
      const names = [subject.known, announcement].filter((one) => one !== undefined);
      subject.wanted = undefined;
      subject.known = undefined;
      subject.told = [];
      for (const one of names) withdraw(subject, one, orders, again);
      for (const { name } of subject.gone)
        if (!names.some((one) => one.name === name)) startRemovals(subject, name, orders, again);
      subjects.tidy(subject);
      return orders;
    },
    settle(delivery, outcome) {
      const subject = subjects.get(delivery.subject);
      if (!subject?.active.includes(delivery)) return;
      subject.active = without(subject.active, delivery);
      const { receiver, revision } = delivery;
      if (receiver.event === 'remove') {
        if (!delivery.once) settleRemoval(subject, delivery, outcome);
      } else if (outcome === 'delivered' || outcome === 'refused') {
        subject.told = receivers.create.map((one, place) =>
          one === receiver ? revision : subject.told[place],
        );
      }
      subjects.tidy(subject);
    },
    retryRemovals() {
      const orders = noOrders();
      for (const subject of subjects.all())
        for (const { name } of subject.gone) startRemovals(subject, name, orders);
      return orders;
    },
    restore(id, name, remove) {
      subjects.getOrAdd(id).known = { name, remove };
      subjects.addName(name, id);
    },
    known: () =>
      [...subjects.all()].flatMap(({ id, known, gone }) => [
        ...(known ? [{ id, ...known }] : []),
        ...gone.map(({ name, parameters }) => ({ id, name, remove: parameters })),
      ]),
    count() {
      let count = 0;
      for (const subject of subjects.all()) if (subject.wanted) count += 1;
      return count;
    },
    isSettled(id) {
      const subject = subjects.get(id);
      if (!subject?.wanted || subject.gone.length > 0) return false;
      const { revision, notifyService } = subject.wanted;
      return selectReceivers(receivers.create, notifyService).every(
        (receiver) => subject.told[places.get(receiver) ?? -1] === revision,
      );
    },
  };
}
