import { expect, test } from '@jest/globals';
import { createLookOrder } from './observation-order.js';

test('what a look found out is not overwritten by one that began earlier and ends later', () => {
  const order = createLookOrder();
  const list = order.begin();
  const look = order.begin();
  expect(look.claim('a')).toBe(true);
  expect(list.claim('a')).toBe(false);
  expect(list.claim('b')).toBe(true);
  look.end();
  expect(list.claim('a')).toBe(false);
  list.end();
});

test('a later look may always speak', () => {
  const order = createLookOrder();
  const first = order.begin();
  first.claim('a');
  first.end();
  expect(order.begin().claim('a')).toBe(true);
});

test('also with thousands of subjects nothing that matters is forgotten while a look is open', () => {
  const order = createLookOrder();
  const list = order.begin();
  for (let i = 0; i < 2_500; i += 1) {
    const look = order.begin();
    look.claim(`service-${i}`);
    look.end();
  }
  expect(list.claim('service-0')).toBe(false);
  expect(list.claim('service-2499')).toBe(false);
});

test('who has seen only the tasks keeps out nobody, and keeps still after who has seen more', () => {
  const order = createLookOrder();
  const [tasksBefore, look, tasksAfter] = [order.begin(), order.begin(), order.begin()];
  expect(tasksAfter.allows('a')).toBe(true);
  expect(look.claim('a')).toBe(true);
  expect(tasksBefore.allows('a')).toBe(false);
});
