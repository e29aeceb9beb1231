import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeQuery, encodeParameters, firstValues } from '@docker-flow/labels';
import { aService, someRules } from '../../testing/swarm-objects.js';
import { createParameters, removeParameters, reportedName, serviceIdentity } from './service-parameters.js';

const rules = someRules();

test('a create says all com.df. labels without prefix, the name, the replicas and distribute', () => {
  const labels = {
    'com.df.notify': 'true',
    'com.df.servicePath.1': '/a',
    'com.df.': 'bare',
    'com.dfx.a': 'foreign',
    'com.df.scrapeNetwork': 'monitor',
  };
  expect(createParameters(aService({ labels, replicas: 3 }), rules, '[["h","","n"]]')).toEqual({
    distribute: 'true',
    'servicePath.1': '/a',
    scrapeNetwork: 'monitor',
    serviceName: 'web',
    replicas: '3',
    nodeInfo: '[["h","","n"]]',
  });
});

test('labels cannot replace the name, the replicas of a replicated service, or the node information', () => {
  const labels = { 'com.df.serviceName': 'evil', 'com.df.replicas': '99', 'com.df.nodeInfo': 'none' };
  const service = aService({ labels, replicas: 2 });
  expect(createParameters(service, rules, '[]')).toEqual({
    distribute: 'true',
    serviceName: 'web',
    replicas: '2',
    nodeInfo: '[]',
  });
  // There is nothing built in that they could replace.
  expect(createParameters({ ...service, mode: 'global' }, rules, undefined)).toMatchObject({
    replicas: '99',
    nodeInfo: 'none',
  });
});

test('a remove says the labels but neither replicas nor node information of ours', () => {
  const labels = { 'com.df.notify': 'true', 'com.df.distribute': 'false', 'com.df.port': '80' };
  expect(removeParameters(aService({ labels }), rules)).toEqual({
    distribute: 'false',
    port: '80',
    serviceName: 'web',
  });
});

test('the notify label is not sent, but com.df.notify is when another label is the notify label', () => {
  const labels = { 'com.df.notify': 'x', 'my.notify': 'true' };
  const own = { ...rules, notify: { key: 'my.notify', value: undefined } };
  expect(createParameters(aService({ labels }), own, undefined)).toMatchObject({ notify: 'x' });
  expect(createParameters(aService({ labels }), rules, undefined)).not.toHaveProperty('notify');
});

test.each([
  ['shop_web', 'shop', 'true', '', 'web'],
  ['shop_web', 'shop', 'TRUE', '', 'web'],
  ['shop_web', 'shop', 'false', '', 'shop_web'],
  ['shop_web', '', 'true', '', 'shop_web'],
  ['shopping_web', 'shop', 'true', '', 'shopping_web'],
  ['shop_web', 'shop', 'true', 'east', 'east_shop_web'],
  ['web', '', 'true', 'east', 'east_web'],
])(
  '%s of stack %j with shortName=%s and prefix %j is reported as %s',
  (name, stack, short, prefix, wanted) => {
    const service = aService({ name, stack, labels: { 'com.df.shortName': short } });
    expect(reportedName(service, prefix)).toBe(wanted);
  },
);

test('labels with extra prefixes are sent with their full name and count as a change', () => {
  const extra = { ...rules, extraPrefixes: ['traefik.'] };
  const service = aService({ labels: { 'traefik.port': '80', 'other.port': '81' } });
  expect(createParameters(service, extra, undefined)).toEqual({
    distribute: 'true',
    'traefik.port': '80',
    serviceName: 'web',
    replicas: '1',
  });
  const changed = aService({ labels: { 'traefik.port': '90', 'other.port': '81' } });
  expect(serviceIdentity(changed, extra)).not.toBe(serviceIdentity(service, extra));
  expect(serviceIdentity(changed, rules)).toBe(serviceIdentity(service, rules));
});

test.each([
  ['image', { image: 'image:2' }, true],
  ['replicas', { replicas: 2 }, true],
  ['mode', { mode: 'global' }, true],
  ['stack', { stack: 'shop' }, true],
  ['update state', { updateState: 'completed' }, false],
  ['stability window', { stabilityWindowMs: 1 }, false],
] as const)('a change of the %s, %j, counts: %s', (_what, change, counts) => {
  const same = serviceIdentity(aService(), rules) === serviceIdentity(aService(change), rules);
  expect(same).toBe(!counts);
});

test('the order of labels is no change', () => {
  const one = aService({ labels: { 'com.df.a': '1', 'com.df.b': '2' } });
  const other = aService({ labels: { 'com.df.b': '2', 'com.df.a': '1' } });
  expect(serviceIdentity(one, rules)).toBe(serviceIdentity(other, rules));
});

test('whatever labels hold arrives as it was: 64 KB, control characters, emoji, names of prototypes', () => {
  const values = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('x'.repeat(64 * 1024), '\u0000\u0001\n\r\t', '👩‍👩‍👧‍👦🇪🇺', '&=#?%+', '%zz'),
  );
  const keys = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'servicePath.1'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(keys, values)), (pairs) => {
      const labels = Object.fromEntries(pairs.map(([key, value]) => [`com.df.${key}`, value]));
      const sent = createParameters(aService({ labels }), rules, undefined);
      const received = firstValues(decodeQuery(encodeParameters(sent)));
      expect(Object.entries(received).sort()).toEqual(Object.entries(sent).sort());
      const [last] = pairs.slice(-1).filter(([key]) => !['serviceName', 'replicas', 'notify'].includes(key));
      expect(last && received[last[0]]).toBe(last?.[1]);
    }),
    { numRuns: 200 },
  );
});
