import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { certificateCommands, planCertificateChange, tookCertificate } from './certificate-changes.js';

const a = { path: '/certs/a', version: '1' };
const b = { path: '/certs/b', version: '1' };

test.each([
  ['nothing new', [a, b], [a, b], { kind: 'none' }],
  ['renewed', [a, b], [a, { ...b, version: '2' }], { kind: 'runtime', renewed: [b.path], added: [] }],
  ['the default renewed', [a], [{ ...a, version: '2' }], { kind: 'runtime', renewed: [a.path], added: [] }],
  ['added behind the default', [a], [a, b], { kind: 'runtime', renewed: [], added: [b.path] }],
  ['a new default', [b], [a, b], { kind: 'reload' }],
  ['the first of all', [], [a], { kind: 'reload' }],
  ['one gone', [a, b], [a], { kind: 'reload' }],
])('%s', (_what, before, after, change) => {
  expect(planCertificateChange(before, after, { generatesList: true })).toEqual(change);
});

test('every change needs a reload where the list is not ours', () => {
  const plan = (after: typeof before) => planCertificateChange(before, after, { generatesList: false });
  const before = [a];
  expect(plan([{ ...a, version: '2' }])).toEqual({ kind: 'reload' });
  expect(plan([a, b])).toEqual({ kind: 'reload' });
  expect(plan([a])).toEqual({ kind: 'none' });
});

test('no line of a certificate is blank: it would end the command', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('', ' ', '\r', 'MIIB', '-----BEGIN X-----')), (lines) => {
      const commands = certificateCommands('/certs/a', lines.join('\n'), undefined);
      expect(commands[0]).not.toMatch(/\n\s*\n./);
      expect(commands).toHaveLength(2);
    }),
  );
});

test('a new certificate is created first and put on the list last', () => {
  const commands = certificateCommands('/certs/a', 'PEM', '/cfg/list').map((one) => one.split('\n')[0]);
  expect(commands).toEqual([
    'new ssl cert /certs/a',
    'set ssl cert /certs/a <<',
    'commit ssl cert /certs/a',
    'add ssl crt-list /cfg/list /certs/a',
  ]);
});

test.each([
  ['Transaction created for certificate /certs/a!', true],
  ['Committing /certs/a\nSuccess!', true],
  ["New empty certificate store '/certs/a'!", true],
  ['unable to load certificate chain from file', false],
  ["Can't replace a certificate which is not referenced", false],
  ['', false],
])('%j was carried out: %s', (answer, took) => {
  expect(tookCertificate(answer)).toBe(took);
});
