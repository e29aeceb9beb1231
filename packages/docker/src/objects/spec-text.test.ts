import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findValue, replaceValue } from './spec-text.js';

test('one value changes and every other byte stays', () => {
  const spec =
    '{ "Name":"web\\"}", "Big":9223372036854775807, "Mode" : {"Replicated":{"Replicas": 2}},"Z":[1,{"a":"]"}]}';
  expect(replaceValue(spec, ['Mode', 'Replicated', 'Replicas'], '3')).toBe(
    spec.replace('"Replicas": 2', '"Replicas": 3'),
  );
});

test.each([
  ['{"a":{}}', '{"a":{"b":[1]}}'],
  ['{"a":{"c":1}}', '{"a":{"b":[1],"c":1}}'],
  ['{"a":{"b":null}}', '{"a":{"b":[1]}}'],
])('a key that is missing in %s is added', (before, after) => {
  expect(replaceValue(before, ['a', 'b'], '[1]')).toBe(after);
});

test('without the object that should hold it there is no place', () => {
  expect(replaceValue('{"a":1}', ['b', 'c'], '1')).toBeUndefined();
  expect(replaceValue('{"a":1}', ['a', 'c'], '1')).toBeUndefined();
});

const keys = fc.oneof(fc.string(), fc.constantFrom('Spec', 'Mode', 'a"b', '\\'));
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

test('what is found is what JSON.parse finds, also with blanks between', () => {
  fc.assert(
    fc.property(
      fc.dictionary(keys, values.value, { minKeys: 1, noNullPrototype: true }),
      fc.constantFrom(0, 1, 3),
      (object, indent) => {
        const text = JSON.stringify(object, null, indent);
        for (const [key, value] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
          const span = findValue(text, [key]);
          expect(JSON.parse(text.slice(span?.start, span?.end))).toEqual(value);
          const changed = JSON.parse(replaceValue(text, [key], '"new"') ?? '') as Record<string, unknown>;
          expect(Object.entries(changed)).toEqual(
            Object.entries(JSON.parse(text) as Record<string, unknown>).map(([name, old]) => [
              name,
              name === key ? 'new' : old,
            ]),
          );
        }
      },
    ),
  );
});
