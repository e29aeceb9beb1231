import { expect, test } from '@jest/globals';
import { readInspected } from './inspected-service.js';

test('id, version and spec are read as text', () => {
  expect(
    readInspected('{"ID":"a1","Version":{"Index":18446744073709551615},"Spec":{ "Big" : 1e3 }}'),
  ).toEqual({
    id: 'a1',
    version: '18446744073709551615',
    specText: '{ "Big" : 1e3 }',
  });
});

test.each(['', '{}', '{"ID":"../x","Version":{"Index":1},"Spec":{}}', '{"ID":"a","Spec":{}}', 'null'])(
  '%j is no service',
  (text) => expect(readInspected(text)).toBeUndefined(),
);
