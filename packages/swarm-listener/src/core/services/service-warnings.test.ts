import { expect, test } from '@jest/globals';
import { createServiceWarnings } from './service-warnings.js';

const issue = (service: string, value: string) => ({
  service,
  label: 'com.df.shortName',
  value,
  problem: 'is not a boolean',
  expected: 'true',
});

test('a warning is new once, and again when it has changed or come back', () => {
  const warnings = createServiceWarnings();
  expect(warnings.replace('a', 'labels', [issue('web', 'on')])).toHaveLength(1);
  expect(warnings.replace('a', 'labels', [issue('web', 'on')])).toEqual([]);
  expect(warnings.replace('a', 'labels', [issue('web', 'off')])).toEqual([issue('web', 'off')]);
  warnings.replace('a', 'labels', []);
  expect(warnings.list()).toEqual([]);
  expect(warnings.replace('a', 'labels', [issue('web', 'off')])).toHaveLength(1);
});

test('each source replaces only what it found, and a service that is gone has none', () => {
  const warnings = createServiceWarnings();
  warnings.replace('b', 'labels', [issue('web', 'on')]);
  warnings.replace('b', 'network', [{ ...issue('web', 'x'), label: 'com.df.scrapeNetwork' }]);
  warnings.replace('a', 'labels', [issue('api', 'on')]);
  warnings.replace('b', 'labels', []);
  expect(warnings.list().map(({ service, label }) => `${service} ${label}`)).toEqual([
    'api com.df.shortName',
    'web com.df.scrapeNetwork',
  ]);
  warnings.forget('b');
  expect(warnings.ids()).toEqual(['a']);
});
