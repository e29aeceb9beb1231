import { expect, test } from '@jest/globals';
import { readCores, readSize } from './reserved-amount.js';

test.each([
  ['0.1', 0.1],
  ['.5', 0.5],
  ['2', 2],
  ['0', undefined],
  ['1 core', undefined],
  ['', undefined],
])('cpus: %j are %j cores', (text, cores) => {
  expect(readCores(text)).toBe(cores);
});

test.each([
  ['48M', 48 * 2 ** 20],
  ['48mb', 48 * 2 ** 20],
  ['1.5GiB', 1.5 * 2 ** 30],
  ['512 k', 512 * 2 ** 10],
  ['1000', 1000],
  ['100b', 100],
  ['0M', undefined],
  ['much', undefined],
])('memory: %j is %j bytes', (text, bytes) => {
  expect(readSize(text)).toBe(bytes);
});
