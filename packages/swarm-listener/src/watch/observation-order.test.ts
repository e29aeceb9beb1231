import { expect, test } from '@jest/globals';
import { createObservationOrder } from './observation-order.js';

test('what a look found out is not overwritten by one that began earlier and ends later', () => {
  const order = createObservationOrder();
  const list = order.begin();
  const look = order.begin();
  expect(look.accept('a')).toBe(true);
  expect(list.accept('a')).toBe(false);
  expect(list.accept('b')).toBe(true);
  look.end();
  expect(list.accept('a')).toBe(false);
  list.end();
});

test('a later look may always speak', () => {
  const order = createObservationOrder();
  const first = order.begin();
  first.accept('a');
  first.end();
  expect(order.begin().accept('a')).toBe(true);
});

test('also with thousands of subjects nothing that matters is forgotten while a look is open', () => {
  const order = createObservationOrder();
  const list = order.begin();
  for (let i = 0; i < 2_500; i += 1) {
    const look = order.begin();
    look.accept(`service-${i}`);
    look.end();
  }
  expect(list.accept('service-0')).toBe(false);
  expect(list.accept('service-2499')).toBe(false);
});

test('who has seen only the tasks keeps out nobody, and keeps still after who has seen more', () => {
  const order = createObservationOrder();
  const [tasksBefore, look, tasksAfter] = [order.begin(), order.begin(), order.begin()];
  expect(tasksAfter.canAccept('a')).toBe(true);
  expect(look.accept('a')).toBe(true);
  expect(tasksBefore.canAccept('a')).toBe(false);
});
