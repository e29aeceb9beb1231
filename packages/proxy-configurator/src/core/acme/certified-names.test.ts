import { expect, test } from '@jest/globals';
import { certifiedNames, certifiedNamesCommands, type CertifiedBy } from './certified-names.js';

const now = new Date('2026-06-01T00:00:00Z');
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const certificate = (names: readonly string[], from: number, to: number): CertifiedBy => ({
  names,
  issued: at(from),
  expires: at(to),
});

test('names of valid certificates count, each once', () => {
  const certificates = [
    certificate(['b.test', 'a.test'], -10, 10),
    certificate(['*.a.test', 'a.test'], -10, 10),
    certificate(['expired.test'], -20, 0),
    certificate(['future.test'], 10, 20),
    certificate(['just-now.test'], 1, 20),
  ];
  expect(certifiedNames(certificates, now)).toEqual(['*.a.test', 'a.test', 'b.test', 'just-now.test']);
});

test('a running HAProxy is told the difference', () => {
  expect(certifiedNamesCommands('/cfg/x.map', ['a.test', 'b.test'], ['b.test', '*.c.test'])).toEqual([
    'del map /cfg/x.map a.test',
    'add map /cfg/x.map *.c.test 1',
  ]);
});
