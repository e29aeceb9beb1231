import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CATALOGUE } from '../catalogue/catalogue.js';
import { labelListSchema } from './list-schema.js';
import { labelSchema } from './schema.js';
import { stackSchema } from './stack-schema.js';

const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true });
const acceptsList = ajv.compile(labelListSchema(CATALOGUE));
const acceptsMapping = ajv.compile(labelSchema(CATALOGUE));
const acceptsStack = ajv.compile(stackSchema(CATALOGUE));

describe('the list form takes what the mapping form takes', () => {
  test.each([
    ['port', '8080'],
    ['port.2', '8080'],
    ['port', 'eighty'],
    ['port', ''],
    ['port', '70000'],
    ['timeoutServer', '9999999'],
    ['httpsOnly', 'yes'],
    ['reqMode.1', 'udp'],
    ['alertFor', '30'],
    ['alertIf', 'up == 0'],
    ['scaleUpBy', '50%'],
    ['scaleMin', '-1'],
    ['invented', 'anything'],
    ['servicePath', "'/a'"],
    ['serviceDomain', 'a b'],
  ])('%s=%s', (name, value) =>
    expect(acceptsList([`com.df.${name}=${value}`])).toBe(acceptsMapping({ [`com.df.${name}`]: value })),
  );

  test('another label may allow more', () => {
    const domain = 'com.df.serviceDomain=^(a|b)$';
    expect(acceptsList([domain])).toBe(false);
    expect(acceptsList([domain, 'com.df.serviceDomainAlgo=hdr_reg(host)'])).toBe(true);
  });

  test('equal items and items that are no texts are refused', () => {
    expect(acceptsList(['com.df.port=1', 'com.df.port=1'])).toBe(false);
    expect(acceptsList([{ 'com.df.port': 1 }])).toBe(false);
  });
});

test('a whole stack may use both forms', () => {
  const stack = (labels: unknown) => ({
    services: { web: { image: 'x', deploy: { labels } } },
    networks: {},
  });
  expect(acceptsStack(stack(['com.df.notify=true', 'com.df.port=80']))).toBe(true);
  expect(acceptsStack(stack({ 'com.df.notify': 'true', 'com.df.port': 80 }))).toBe(true);
  expect(acceptsStack(stack(['com.df.port=eighty']))).toBe(false);
  expect(acceptsStack(stack({ 'com.df.notify': true }))).toBe(false);
  expect(acceptsStack({ services: { web: null } })).toBe(true);
});
