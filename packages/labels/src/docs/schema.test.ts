import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { defineLabels, listLabels, type Label } from '../catalogue/label.js';
import { boolean } from '../catalogue/types/boolean.js';
import { duration } from '../catalogue/types/duration.js';
import { requestMode } from '../catalogue/types/proxy/haproxy.js';
import { listOf } from '../catalogue/types/list.js';
import { domain } from '../catalogue/types/network.js';
import { port, step, wholeNumber } from '../catalogue/types/number.js';
import { text } from '../catalogue/types/text.js';
import { labelSchema } from './schema.js';

const topic = { title: 'Any', rules: { trim: true, emptyIsAbsent: true, unquote: true } };
const LABELS = listLabels<Label>(
  defineLabels(topic, {
    notify: { type: boolean, description: 'Of interest.' },
    port: { type: port, indexed: true, description: 'Port.', example: '8080' },
    scaleMin: { type: wholeNumber({ unit: 'replicas', min: 0 }), description: 'Fewest.' },
    scaleUpBy: { type: step('replicas'), description: 'Step.' },
    alertFor: { type: duration, indexed: true, description: 'How long.' },
    reqMode: { type: requestMode, indexed: true, description: 'Mode.' },
    serviceName: { type: text, sentByListener: true, description: 'Name.' },
    algorithm: { type: text, description: 'How names are compared.' },
    names: {
      type: listOf(domain),
      variant: { label: 'algorithm', matches: 'reg', type: text },
      indexed: true,
      description: 'Names.',
    },
  }),
);
const schema = labelSchema({
  'swarm-listener': [],
  monitor: [],
  'proxy-configurator': LABELS,
  scaler: [],
  certificates: [],
});
const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

describe('the schema accepts', () => {
  test.each([
    ['a boolean as text', { 'com.df.notify': 'True' }],
    ['a port as a number or as text', { 'com.df.port.1': 8080, 'com.df.port': '80' }],
    ['a step in percent', { 'com.df.scaleUpBy': '50%' }],
    ['a compound duration', { 'com.df.alertFor.12': '1h30m' }],
    ['labels of other programs', { 'traefik.enable': 'true', 'com.docker.lb.port': 80 }],
    ['no value, which is an empty one', { 'com.df.port': null, 'com.other': null }],
    ['anything where another label allows it', { 'com.df.names.1': 'a b', 'com.df.algorithm': 'reg' }],
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
    ['what another label does not allow', { 'com.df.names.1': 'a b', 'com.df.algorithm': 'text' }],
    ['booleans of YAML, as Docker does', { 'com.df.notify': true }],
    ['booleans of YAML for other programs', { 'traefik.enable': true }],
    ['a list', { 'com.df.servicePath': ['/a'] }],
  ])('%s', (_what, labels) => expect(accepts(labels)).toBe(false));
});

test('what swarm-listener sends by itself is no label', () => {
  expect(schema['properties']).not.toHaveProperty(['com.df.serviceName']);
});

test('readers that share a label each have their say', () => {
  const [asText] = listLabels(defineLabels(topic, { port: { type: text, description: 'Other.' } }));
  const shared = labelSchema({
    'swarm-listener': [asText!],
    monitor: [],
    'proxy-configurator': LABELS,
    scaler: [],
    certificates: [],
  });
  const properties = shared['properties'] as Record<string, { description: string; anyOf: unknown[] }>;
  expect(properties['com.df.port']).toMatchObject({ description: 'Other. Port.' });
  expect(properties['com.df.port']!.anyOf).toHaveLength(5);
});
