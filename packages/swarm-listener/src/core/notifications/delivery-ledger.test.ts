import { describe, expect, test } from '@jest/globals';
import type { Announcement } from './announcement.js';
import type { Delivery, Orders, Outcome } from './delivery.js';
import { createDeliveryLedger, type DeliveryLedger } from './delivery-ledger.js';
import { aReceiver } from '../../testing/swarm-objects.js';

const proxy = { create: aReceiver('create'), remove: aReceiver('remove') };
const monitor = { create: aReceiver('create', 'monitor:8080'), remove: aReceiver('remove', 'monitor:8080') };
const both = { create: [proxy.create, monitor.create], remove: [proxy.remove, monitor.remove] };

function ledger(): DeliveryLedger {
  return createDeliveryLedger(both);
}

function web(revision: string, change: Partial<Announcement> = {}): Announcement {
  return {
    name: 'web',
    revision,
    create: { serviceName: 'web', revision },
    remove: { serviceName: 'web' },
    notifyService: undefined,
    ...change,
  };
}

/** In words, sorted: `create web@proxy:8080 r1`. */
function words(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries
    .map(({ receiver, name, revision }) => `${receiver.event} ${name}@${receiver.host} ${revision}`.trim())
    .sort();
}

function settle(of: DeliveryLedger, { start }: Orders, outcome: Outcome = 'delivered'): void {
  for (const delivery of start) of.settle(delivery, outcome);
}

describe('a service that is there', () => {
  test('is told to every create receiver once, and then only when it has changed', () => {
    const book = ledger();
    const first = book.present('a', web('r1'));
    expect(words(first.start)).toEqual(['create web@monitor:8080 r1', 'create web@proxy:8080 r1']);
    settle(book, first);
    expect(book.isSettled('a')).toBe(true);
    expect(words(book.present('a', web('r1')).start)).toEqual([]);
    expect(words(book.present('a', web('r2')).start)).toHaveLength(2);
  });

  test('is told again to just the receiver that was given up', () => {
    const book = ledger();
    const { start } = book.present('a', web('r1'));
    for (const one of start) book.settle(one, one.receiver === proxy.create ? 'given up' : 'delivered');
    expect(book.isSettled('a')).toBe(false);
    expect(words(book.present('a', web('r1')).start)).toEqual(['create web@proxy:8080 r1']);
  });

  test('is not told again to a receiver that refused it', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')), 'rejected');
    expect(words(book.present('a', web('r1')).start)).toEqual([]);
  });

  test('ends what is under way about its older state, and only that', () => {
    const book = ledger();
    const older = book.present('a', web('r1'));
    expect(book.present('a', web('r1')).start).toEqual([]);
    const newer = book.present('a', web('r2'));
    expect(words(newer.cancel)).toEqual(words(older.start));
    // An old delivery that ends late says nothing about the new state.
    settle(book, older);
    expect(book.isSettled('a')).toBe(false);
    settle(book, newer);
    expect(book.isSettled('a')).toBe(true);
  });

  test('that changes and changes back is told again: what was cancelled in between may have arrived', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    book.present('a', web('r2'));
    expect(words(book.present('a', web('r1')).start)).toHaveLength(2);
  });

  test('is told always when everything is to be sent again', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    expect(book.present('a', web('r1'), { always: true }).start).toHaveLength(2);
  });

  test('goes only to the receivers its notifyService names, and to none when it names none', () => {
    const book = ledger();
    expect(words(book.present('a', web('r1', { notifyService: 'proxy' })).start)).toEqual([
      'create web@proxy:8080 r1',
    ]);
    expect(book.present('b', web('r1', { name: 'b', notifyService: 'nobody' })).start).toEqual([]);
  });
});

describe('a service that is gone', () => {
  test('is removed at every remove receiver, with what was remembered, and then forgotten', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    const gone = book.absent('a');
    expect(words(gone.start)).toEqual(['remove web@monitor:8080', 'remove web@proxy:8080']);
    expect(gone.start[0]?.parameters).toEqual({ serviceName: 'web' });
    settle(book, gone);
    expect(book.known()).toEqual([]);
    expect(book.absent('a').start).toEqual([]);
  });

  test('cancels the creates under way', () => {
    const book = ledger();
    const created = book.present('a', web('r1'));
    expect(words(book.absent('a').cancel)).toEqual(words(created.start));
  });

  test('nobody has ever heard of is no news', () => expect(ledger().absent('x').start).toEqual([]));

  test('is removed again at just the receiver that was given up, until it has heard', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    for (const one of book.absent('a').start)
      book.settle(one, one.receiver === proxy.remove ? 'given up' : 'delivered');
    const again = book.retryRemovals();
    expect(words(again.start)).toEqual(['remove web@proxy:8080']);
    expect(book.retryRemovals().start).toEqual([]);
    settle(book, again);
    expect(book.retryRemovals().start).toEqual([]);
    expect(book.known()).toEqual([]);
  });

  test('starts over when a second event says so, but not for a list', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    const first = book.absent('a');
    expect(book.absent('a').start).toEqual([]);
    const again = book.absent('a', { again: true });
    expect(words(again.cancel)).toEqual(words(first.start));
    expect(again.start).toHaveLength(2);
  });

  test('and comes back while it is being removed: the removal ends and the create follows it at each host', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    const gone = book.absent('a');
    const back = book.present('a', web('r2'));
    expect(words(back.cancel)).toEqual(words(gone.start));
    expect(words(back.start)).toHaveLength(2);
    settle(book, gone);
    settle(book, back);
    expect(book.retryRemovals().start).toEqual([]);
    expect(book.isSettled('a')).toBe(true);
  });
});

describe('names', () => {
  test('a new name: the old one is removed, and each receiver hears of the new one after that', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    const renamed = book.present('a', web('r2', { name: 'w' }));
    expect(words(renamed.start)).toEqual([
      'create w@monitor:8080 r2',
      'create w@proxy:8080 r2',
      'remove web@monitor:8080',
      'remove web@proxy:8080',
    ]);
    for (const create of renamed.start.filter((one) => one.receiver.event === 'create'))
      expect(words(create.after)).toEqual([`remove web@${create.receiver.host}`]);
  });

  test('a name that changes and changes back is told again: its removal may have been faster', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    book.present('a', web('r2', { name: 'w' }));
    const back = book.present('a', web('r1'));
    expect(words(back.start)).toEqual([
      'create web@monitor:8080 r1',
      'create web@proxy:8080 r1',
      'remove w@monitor:8080',
      'remove w@proxy:8080',
    ]);
  });

  test('a service created anew under the name of one that is gone is not removed by what is left of that', () => {
    const book = ledger();
    settle(book, book.present('old', web('r1')));
    const gone = book.absent('old');
    const anew = book.present('new', web('r1'));
    expect(words(anew.finish)).toEqual(words(gone.start));
    expect(anew.start.every((one) => one.after.length === 1)).toBe(true);
    settle(book, gone, 'given up');
    expect(book.retryRemovals().start).toEqual([]);
  });

  test('when one of two services with one name goes, the other is told again instead of a removal', () => {
    const book = ledger();
    settle(book, book.present('a', web('r1')));
    settle(book, book.present('b', web('r2')));
    expect(words(book.absent('a').start)).toEqual(['create web@monitor:8080 r2', 'create web@proxy:8080 r2']);
  });
});

test('a service of which nothing serves is removed first, once, and created after that', () => {
  const book = ledger();
  const { start } = book.present('a', web('r1'), { removeFirst: true });
  const removals = start.filter((one) => one.receiver.event === 'remove');
  expect(removals.map((one) => one.singleAttempt)).toEqual([true, true]);
  settle(book, { start: removals, cancel: [], finish: [], nameIssues: [] }, 'given up');
  expect(book.retryRemovals().start).toEqual([]);
});

test('what an earlier run has told and is gone meanwhile is removed', () => {
  const book = ledger();
  book.restore('a', 'web', { serviceName: 'web' });
  expect(book.known()).toEqual([{ id: 'a', name: 'web', remove: { serviceName: 'web' } }]);
  expect(words(book.absent('a').start)).toEqual(['remove web@monitor:8080', 'remove web@proxy:8080']);
});

test('without remove receivers nothing stays behind of what is gone', () => {
  const book = createDeliveryLedger({ create: [proxy.create], remove: [] });
  settle(book, book.present('a', web('r1')));
  expect(book.absent('a').start).toEqual([]);
  expect(book.known()).toEqual([]);
  expect(book.count()).toBe(0);
});

describe('a service that would take the name of another by cutting off its stack', () => {
  const real = web('real', { name: 'flow_bank' });
  const claim = web('claim', { name: 'flow_bank', shortenedFrom: 'q_flow_bank' });

  test('is told to nobody while the other is there, whoever came first, and that is told', () => {
    const book = ledger();
    settle(book, book.present('a', real));
    const orders = book.present('b', claim);
    expect(orders).toMatchObject({ start: [], cancel: [], nameIssues: [{ service: 'q_flow_bank' }] });
    expect(book.present('b', claim).nameIssues).toEqual([]);
    expect([book.isSettled('b'), book.count()]).toEqual([true, 1]);
    expect(book.nameIssues()).toMatchObject([{ service: 'q_flow_bank', label: 'com.df.shortName' }]);
    const other = ledger();
    const first = other.present('b', claim);
    const second = other.present('a', real);
    expect(words(second.cancel)).toEqual(words(first.start));
    expect(words(second.start)).toEqual([
      'create flow_bank@monitor:8080 real',
      'create flow_bank@proxy:8080 real',
    ]);
    expect(second.nameIssues).toHaveLength(1);
  });

  test('is announced when the other has gone, and its own end takes nothing from it', () => {
    const book = ledger();
    settle(book, book.present('a', real));
    settle(book, book.present('b', claim));
    expect(book.absent('b')).toMatchObject({ start: [], cancel: [] });
    settle(book, book.present('b', claim));
    const gone = book.absent('a');
    expect(words(gone.start)).toEqual([
      'create flow_bank@monitor:8080 claim',
      'create flow_bank@proxy:8080 claim',
    ]);
    expect(book.nameIssues()).toEqual([]);
  });

  test('two such services are both announced, which is told; when one goes the other is told again', () => {
    const book = ledger();
    settle(book, book.present('b', claim));
    const second = web('second', { name: 'flow_bank', shortenedFrom: 'r_flow_bank' });
    const orders = book.present('c', second);
    expect(orders.start).toHaveLength(2);
    expect(orders.nameIssues).toMatchObject([{ service: 'r_flow_bank' }]);
    settle(book, orders);
    expect(book.nameIssues()).toHaveLength(2);
    expect(words(book.absent('c').start)).toEqual([
      'create flow_bank@monitor:8080 claim',
      'create flow_bank@proxy:8080 claim',
    ]);
  });
});
