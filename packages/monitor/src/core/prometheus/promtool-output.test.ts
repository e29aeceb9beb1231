import { describe, expect, test } from '@jest/globals';
import { parseRuleCheck, rejectionReason } from './promtool-output.js';

describe('the verdict on one of several rule files', () => {
  const output = {
    stdout: 'Checking /tmp/0.rules\n  SUCCESS: 1 rules found\n\nChecking /tmp/1.rules\n  FAILED:\n',
    stderr:
      '/tmp/1.rules: 4:11: group "alert.rules", rule 0, "a_x": could not parse expression: 1:5: unexpected\n',
  };
  test('is fine', () => expect(parseRuleCheck(output, '/tmp/0.rules')).toBe('fine'));
  test('is the reason without the place', () =>
    expect(parseRuleCheck(output, '/tmp/1.rules')).toBe('could not parse expression: 1:5: unexpected'));
  test('is unknown when the output does not name the file', () =>
    expect(parseRuleCheck(output, '/tmp/2.rules')).toBeUndefined());
});

describe('the reason why files are rejected', () => {
  test('names no scratch directory and no progress', () =>
    expect(
      rejectionReason(
        {
          stdout: 'Checking /tmp/x/prometheus.yml\n',
          stderr: '  FAILED: parsing YAML file /tmp/x/prometheus.yml: field foo not found\n',
        },
        '/tmp/x',
      ),
    ).toBe('parsing YAML file prometheus.yml: field foo not found'));

  test('is never empty', () =>
    expect(rejectionReason({ stdout: '', stderr: '' }, '/tmp/x')).toBe('promtool rejects it'));
});
