import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readStep } from '../../catalogue/types/number.js';
import {
  MANAGER_NODE_LABEL_NAMES,
  SCALER_LABEL_NAMES,
  WORKER_NODE_LABEL_NAMES,
  parseNodeScalerLabels,
  parseScalerLabels,
} from './scaler-labels.js';

test('all labels of a service are read with their units', () => {
  const labels = {
    'com.df.scaleMin': '2',
    'com.df.scaleMax': '8',
    'com.df.scaleUpBy': '50%',
    'com.df.scaleDownBy': '-2',
    'com.df.scaleUpCooldown': '60',
    'com.df.scaleDownCooldown': '0',
    'com.df.scalePaused': 'true',
    'com.df.scaleRestore': 'false',
    'com.df.servicePath': '/demo',
  };
  expect(parseScalerLabels('web', labels)).toEqual({
    value: {
      min: 2,
      max: 8,
      upBy: { unit: 'percent', size: 50 },
      downBy: { unit: 'count', size: 2 },
      upCooldownMs: 60_000,
      downCooldownMs: 0,
      paused: true,
      restore: false,
    },
    issues: [],
  });
});

test.each([
  ['scaleMin', '-1'],
  ['scaleMin', ' 2'],
  ['scaleMax', 'many'],
  ['scaleMax', ''],
  ['scaleUpBy', '1.5'],
  ['scaleUpBy', '0'],
  ['scaleDownBy', '%'],
  ['scaleUpCooldown', '10s'],
  ['scalePaused', 'yes'],
])('%s=%j is left out and told as an issue', (label, value) => {
  const { value: read, issues } = parseScalerLabels('web', { [`com.df.${label}`]: value });
  expect(read).toEqual({});
  expect(issues).toMatchObject([{ service: 'web', label, value }]);
});

test('quotes around a value are left out, and told as an issue', () => {
  const { value, issues } = parseScalerLabels('web', { 'com.df.scaleMin': '"2"', 'com.df.scaleMax': "'x'" });
  expect(value).toEqual({ min: 2 });
  expect(issues).toMatchObject([
    { label: 'scaleMin', value: '"2"', problem: 'is within quotes, which are left out' },
    { label: 'scaleMax', value: "'x'", problem: 'is not a whole number' },
  ]);
});

test('under another name the standard label does not count', () => {
  const names = { ...SCALER_LABEL_NAMES, max: 'my.max' };
  const { value, issues } = parseScalerLabels('web', { 'com.df.scaleMax': '4', 'my.max': '9x' }, names);
  expect(value).toEqual({});
  expect(issues).toMatchObject([{ label: 'my.max', value: '9x' }]);
});

test('node labels are read by role', () => {
  const labels = { 'com.df.scaleWorkerNodeMin': '1', 'com.df.scaleManagerNodeUpBy': '2' };
  expect(parseNodeScalerLabels('web', labels, WORKER_NODE_LABEL_NAMES).value).toEqual({ min: 1 });
  expect(parseNodeScalerLabels('web', labels, MANAGER_NODE_LABEL_NAMES).value).toEqual({
    upBy: { unit: 'count', size: 2 },
  });
});

test('any label text is either read or told as an issue, and steps are never negative', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { value, issues } = parseScalerLabels('web', { 'com.df.scaleUpBy': text });
      expect(issues).toHaveLength(value.upBy === undefined ? 1 : 0);
      const step = readStep(text);
      expect(step.ok ? step.value.size : Infinity).toBeGreaterThan(0);
    }),
  );
});
