import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDocument, type Change } from './document.js';

test('a change says what was set and removed, and equal values are no change', () => {
  const document = createDocument();
  document.set('a', { x: 1 });
  document.set('b', 1);
  expect(document.commit()).toEqual({ id: 1, set: { a: { x: 1 }, b: 1 }, gone: [] });
  document.set('a', { x: 1 });
  expect(document.commit()).toBeUndefined();
  document.remove('b');
  document.remove('never there');
  expect(document.commit()).toEqual({ id: 2, set: {}, gone: ['b'] });
});

test('who has seen too much or too long ago is not told a difference', () => {
  const document = createDocument(1);
  for (const key of ['a', 'b', 'c']) document.set(key, 1);
  document.commit();
  for (const key of ['a', 'b']) {
    document.remove(key);
    document.commit();
  }
  expect(document.since(0)).toBeUndefined();
  expect(document.since(9)).toBeUndefined();
  expect(document.since(2)).toEqual({ id: 3, set: {}, gone: ['b'] });
});

function apply(state: ReadonlyMap<string, unknown>, { set, gone }: Change): Map<string, unknown> {
  const next = new Map([...state, ...Object.entries(set)]);
  for (const key of gone) next.delete(key);
  return next;
}

test('whatever was seen last, the difference leads to the present state', () => {
  const step = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.integer({ max: 3, min: 0 }))),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const document = createDocument();
      const states = [new Map<string, unknown>()];
      for (const one of steps) {
        for (const [key, value] of one) {
          if (value === null) document.remove(key);
          else document.set(key, value);
        }
        const change = document.commit();
        if (change !== undefined) states.push(apply(states.at(-1)!, change));
      }
      const whole = apply(new Map(), document.whole());
      states.forEach((state, id) => expect(apply(state, document.since(id)!)).toEqual(whole));
    }),
  );
});
