import { expect, test } from '@jest/globals';
import {
  describeRescheduled,
  formatRescheduleDate,
  parseRescheduleFilter,
  refuseReschedule,
  rescheduleEnvironment,
} from './reschedule.js';

const filter = { label: 'com.df.reschedule', value: 'true' };

test('a filter is a label with a value', () => {
  expect(parseRescheduleFilter('com.df.reschedule=true')).toEqual(filter);
  expect(parseRescheduleFilter('nokv')).toBeUndefined();
  expect(parseRescheduleFilter('a=b=c')).toBeUndefined();
});

test('only the label with exactly that value lets a service be rescheduled', () => {
  expect(refuseReschedule('web', { 'com.df.reschedule': 'true' }, filter)).toBeUndefined();
  expect(refuseReschedule('web', {}, filter)).toBe(
    'web is not labeled with com.df.reschedule=true (no label)',
  );
  expect(refuseReschedule('web', { 'com.df.reschedule': 'True' }, filter)).toBe(
    'web is not labeled with com.df.reschedule=true (com.df.reschedule=True)',
  );
});

test('the date replaces older ones where they stand, or goes to the end', () => {
  expect(rescheduleEnvironment(['A=1', 'B', 'K=old', 'C=x=y', 'K=older'], 'K', 'new')).toEqual([
    'A=1',
    'B',
    'K=new',
    'C=x=y',
    'K=new',
  ]);
  expect(rescheduleEnvironment(['A=1', 'KK=1', 'K'], 'K', 'new')).toEqual(['A=1', 'KK=1', 'K', 'K=new']);
  expect(rescheduleEnvironment(['K=new'], 'K', 'new')).toBeUndefined();
});

test('the date is UTC without separators', () => {
  expect(formatRescheduleDate(Date.UTC(2018, 0, 2, 3, 4, 5, 678))).toBe('20180102T030405');
});

test.each([
  [[], [], true, 'No services to reschedule'],
  [['b', 'a'], [], true, 'a, b rescheduled'],
  [['b'], ['a'], false, 'a failed to reschedule (b succeeded)'],
  [[], ['b', 'a'], false, 'a, b failed to reschedule'],
])('%j done and %j failed', (done, failed, ok, message) => {
  expect(describeRescheduled(done, failed)).toEqual({ ok, message });
});
