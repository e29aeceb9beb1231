import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

/** The pages with which HAProxy answers itself: sent to clients byte for byte. */

const folder = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../docker/error-pages');

test.each(readdirSync(folder))('%s is a whole answer, which no browser takes for more than a text', (file) => {
  const [head = '', body = ''] = readFileSync(path.join(folder, file), 'latin1').split('\r\n\r\n');
  const lines = head.split('\r\n');
  expect(lines[0]).toMatch(new RegExp(`^HTTP/1\\.1 ${path.parse(file).name} `));
  expect(lines).toEqual(
    expect.arrayContaining([
      `Content-Length: ${body.length}`,
      "Content-Security-Policy: default-src 'none'",
      'X-Content-Type-Options: nosniff',
    ]),
  );
});
