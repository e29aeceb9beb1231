import { expect, test } from '@jest/globals';
import {
  isCertificateSecret,
  orderCertificates,
  readCertificateList,
  renderCertificateList,
} from './certificate-list.js';

function file(name: string, source: 'directory' | 'secret' = 'directory') {
  return { name, path: `/${source}/${name}`, source };
}

test('files go before secrets, each in the order of the bytes of their names', () => {
  const files = [file('cert-b', 'secret'), file('b.pem'), file('B.pem'), file('cert_a', 'secret'), file('a')];
  expect(orderCertificates(files, []).map(({ name }) => name)).toEqual([
    'B.pem',
    'a',
    'b.pem',
    'cert-b',
    'cert_a',
  ]);
});

test('preferred globs go first, in their own order, and a dot in them is only a dot', () => {
  const files = ['a.test', 'www.b.test', 'wwwxb.test', 'z.test', 'shop.c.test'].map((name) => file(name));
  expect(orderCertificates(files, ['z*', 'www.*']).map(({ name }) => name)).toEqual([
    'z.test',
    'www.b.test',
    'a.test',
    'shop.c.test',
    'wwwxb.test',
  ]);
});

test('the list ends with a line end, without which HAProxy 2.6 refuses it, and escapes blanks', () => {
  expect(renderCertificateList([{ path: '/certs/a' }, { path: '/certs/b c[1]#' }])).toBe(
    '/certs/a\n/certs/b\\ c\\[1\\]\\#\n',
  );
});

test('the files of one directory are read out of a list, with the names they are for', () => {
  const own = { path: '/a b/labels/1.2', names: ['a.test', '*.b.test'] };
  const text = renderCertificateList([{ path: '/certs/a' }, own, { path: '/a b/labels-2/3' }]);
  expect(readCertificateList(text, '/a b/labels')).toEqual([own]);
});

test.each([
  ['cert-a', true],
  ['CERT_a', true],
  ['certificate', false],
  ['my-cert-a', false],
])('the secret %s is a certificate: %s', (name, isOne) => {
  expect(isCertificateSecret(name)).toBe(isOne);
});
