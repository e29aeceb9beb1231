import { expect, test } from '@jest/globals';
import { readPlace, writePlace } from './place.js';

test.each([
  '#/services',
  '#/services?q=a+b&filter=problem',
  '#/services/go-demo_main?range=900',
  '#/services/a%2Fb%3Fc',
  '#/decisions?id=1',
])('%s says the same when it is written again', (hash) => {
  expect(writePlace(readPlace(hash))).toBe(hash);
});

test.each(['', '#', '#/', '#/nowhere/x', '#/%'])('%j is the list of services', (hash) => {
  expect(readPlace(hash).path).toEqual(['services']);
});
