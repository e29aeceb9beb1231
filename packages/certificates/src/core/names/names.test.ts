import { expect, test } from '@jest/globals';
import { covers, isAllowed } from './covers.js';
import { registeredDomain } from './registered-domain.js';

test.each([
  [['a.test'], 'a.test', true],
  [['*.test.org'], 'a.test.org', true],
  [['*.test.org'], 'test.org', false],
  [['*.test.org'], 'a.b.test.org', false],
  [['*.test.org'], '*.test.org', true],
  [['*.org'], '*.test.org', false],
  [['b.test', 'a.test'], 'c.test', false],
])('%j covers %s: %s', (certified, name, expected) => {
  expect(covers(certified, name)).toBe(expected);
});

test.each([
  ['a.acme.com', [], true],
  ['a.acme.com', ['*'], true],
  ['a.acme.com', ['*.acme.com'], true],
  ['a.b.acme.com', ['*.acme.com'], true],
  ['*.acme.com', ['*.acme.com'], true],
  ['acme.com', ['*.acme.com'], false],
  ['acme.com', ['acme.com'], true],
  ['evilacme.com', ['*.acme.com', 'acme.com'], false],
])('%s is allowed by %j: %s', (name, allowed, expected) => {
  expect(isAllowed(name, allowed)).toBe(expected);
});

test.each([
  ['a.b.acme.com', 'acme.com'],
  ['*.acme.com', 'acme.com'],
  ['www.acme.co.uk', 'acme.co.uk'],
  ['www.acme.com.au', 'acme.com.au'],
  ['acme.co', 'acme.co'],
  ['a.acme.io', 'acme.io'],
])('%s is registered as %s', (name, domain) => {
  expect(registeredDomain(name)).toBe(domain);
});
