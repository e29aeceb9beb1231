import { describe, expect, test } from '@jest/globals';
import { builtInShortcuts } from './built-in-shortcuts.js';
import { expandCondition } from './expand-condition.js';
import { expectedInstead } from './shortcut-values.js';

test.each([
  ['SHARE', '0.8'],
  ['SHARE', '0'],
  ['SHARE', '1'],
  ['SHARE', ' .5 '],
  ['SHARE', '8e-1'],
  ['OBJECTIVE', '0.999'],
  ['BOUND', '2.5'],
  ['BOUND', '1e-05'],
  ['WINDOW', '1h30m'],
  ['COUNT', '3'],
  ['RATE', '0.5'],
  ['HOURS', '24'],
  ['ANYTHING', 'else'],
])('%s may be %s', (parameter, value) => expect(expectedInstead(parameter, value)).toBeUndefined());

test.each([
  ['SHARE', '80'],
  ['SHARE', '80%'],
  ['SHARE', '-0.1'],
  ['SHARE', 'NaN'],
  ['SHARE', '0,8'],
  ['QUANTILE', '99'],
  ['OBJECTIVE', '99.9'],
  ['OBJECTIVE', '1'],
  ['BOUND', '100ms'],
  ['BOUND', '0'],
  ['BOUND', '+Inf'],
  ['WINDOW', '5'],
  ['WINDOW', '0s'],
  ['WINDOW', '5 minutes'],
  ['COUNT', 'many'],
  ['RATE', '1e999'],
  ['HOURS', '0'],
])('%s may not be %s', (parameter, value) => expect(expectedInstead(parameter, value)).toBeDefined());

describe('a condition', () => {
  const shortcuts = builtInShortcuts({ nodeMetrics: 'modern', proxyMetrics: 'built-in', prometheusMajor: 2 });
  const expand = (condition: string) => {
    const names = { service: 'web', alertName: 'a', formattedName: 'web_a', for: '', persistent: false };
    return expandCondition({ ...names, condition, replicas: 1, labels: {}, annotations: {} }, shortcuts);
  };

  test('with wrong values is rejected, and each of them is named with what would be right', () =>
    expect(expand('@resp_time_above:100ms,5,0.99')).toEqual({
      ok: false,
      reason:
        'the shortcut @resp_time_above has BOUND="100ms", which is not a number of seconds, written as in the label le' +
        ' and WINDOW="5", which is not a duration such as 5m; expected @resp_time_above:BOUND,WINDOW,SHARE',
    }));

  test('tells values that nothing uses, in operator form as well', () => {
    expect(expand('@target_down:1')).toMatchObject({ ok: true, unusedValues: ['1'] });
    expect(expand('@service_mem_limit:0.8,5m_and_@target_down')).toMatchObject({ unusedValues: ['5m'] });
    expect(expand('@target_down:')).not.toHaveProperty('unusedValues');
  });
});
