import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Label } from '../catalogue/label.js';
import { labelSchema } from './schema.js';

const LABELS: readonly Label[] = [
  { name: 'notify', type: 'boolean', indexed: false, says: 'Of interest.' },
  { name: 'port', type: 'port', indexed: true, says: 'Port.', example: '8080' },
  { name: 'scaleMin', type: 'integer', unit: 'replicas', min: 0, indexed: false, says: 'Fewest.' },
  { name: 'scaleUpBy', type: 'integer', unit: 'replicas, or percent with %', indexed: false, says: 'Step.' },
  { name: 'alertFor', type: 'duration', indexed: true, says: 'How long.' },
  { name: 'reqMode', type: 'choice', choices: ['http', 'tcp'], indexed: true, says: 'Mode.' },
  { name: 'serviceName', type: 'text', sentByListener: true, indexed: false, says: 'Name.' },
];
const schema = labelSchema({ 'swarm-listener': [], monitor: [], 'proxy-configurator': LABELS, scaler: [] });
const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

describe('the schema accepts', () => {
  test.each([
    ['a boolean of YAML', { 'com.df.notify': true }],
    ['a boolean as text', { 'com.df.notify': 'True' }],
    ['a port as a number or as text', { 'com.df.port.1': 8080, 'com.df.port': '80' }],
    ['a step in percent', { 'com.df.scaleUpBy': '50%' }],
    ['a compound duration', { 'com.df.alertFor.12': '1h30m' }],
    ['labels of other programs', { 'traefik.enable': true, 'com.docker.lb.port': 80 }],
    ['parameters that people invented', { 'com.df.env': 'production' }],
  ])('%s', (_what, labels) => expect([accepts(labels), accepts.errors]).toEqual([true, null]));
});

describe('the schema refuses', () => {
  test.each([
    ['a word as a port', { 'com.df.port.2': 'abc' }],
    ['a port that is too large', { 'com.df.port': 70_000 }],
    ['a negative bound', { 'com.df.scaleMin': -1 }],
    ['a percentage where replicas are counted', { 'com.df.scaleMin': '5%' }],
    ['a duration without unit', { 'com.df.alertFor': '30' }],
    ['a word that is no choice', { 'com.df.reqMode.1': 'udp' }],
    ['yes as a boolean', { 'com.df.notify': 'yes' }],
    ['a list', { 'com.df.servicePath': ['/a'] }],
  ])('%s', (_what, labels) => expect(accepts(labels)).toBe(false));
});

test('what swarm-listener sends by itself is no label', () => {
  expect(schema['properties']).not.toHaveProperty(['com.df.serviceName']);
});

test('readers that share a label each have their say', () => {
  const asText: Label = { name: 'port', type: 'text', indexed: false, says: 'Other.' };
  const shared = labelSchema({
    'swarm-listener': [asText],
    monitor: [],
    'proxy-configurator': LABELS,
    scaler: [],
  });
  const properties = shared['properties'] as Record<string, { description: string; anyOf: unknown[] }>;
  expect(properties['com.df.port']).toMatchObject({ description: 'Other. Port.' });
  expect(properties['com.df.port']!.anyOf).toHaveLength(2);
});
