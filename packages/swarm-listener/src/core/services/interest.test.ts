import { expect, test } from '@jest/globals';
import { isOfInterest, parseNotifyLabel } from './interest.js';

test.each([
  ['true', true],
  ['TRUE', true],
  ['True', true],
  ['"true"', true],
  ["'True'", true],
  ['"false"', false],
  ['false', false],
  ['1', false],
  ['yes', false],
  ['', false],
  [' true', false],
])('a service with com.df.notify=%j is of interest: %s', (value, wanted) => {
  expect(isOfInterest({ 'com.df.notify': value }, parseNotifyLabel('com.df.notify'))).toBe(wanted);
});

test('without the label nothing is of interest, whatever objects inherit', () => {
  expect(isOfInterest({}, parseNotifyLabel('com.df.notify'))).toBe(false);
  expect(isOfInterest({}, parseNotifyLabel('constructor'))).toBe(false);
});

test('a notify label with a value wants exactly that value', () => {
  const notify = parseNotifyLabel('stage=live=1');
  expect(isOfInterest({ stage: 'live=1' }, notify)).toBe(true);
  expect(isOfInterest({ stage: 'LIVE=1' }, notify)).toBe(false);
  expect(isOfInterest({ stage: '"live=1"' }, notify)).toBe(true);
  expect(isOfInterest({ stage: 'true' }, notify)).toBe(false);
});
