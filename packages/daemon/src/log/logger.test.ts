import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createLogger } from './logger.js';

function recorder() {
  const stream = new PassThrough();
  const lines = () =>
    String(stream.read() ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { stream, lines };
}

test('a line is one JSON object with time, level, program, message and the fields', () => {
  const { stream, lines } = recorder();
  createLogger({ program: 'monitor', stream })
    .child({ service: 'go-demo' })
    .info('Reconfigured', { alerts: 2 });
  expect(lines()[0]).toMatchObject({
    level: 'info',
    program: 'monitor',
    message: 'Reconfigured',
    service: 'go-demo',
    alerts: 2,
  });
});

test('an error keeps message, code, stack and cause, and nothing else', () => {
  const { stream, lines } = recorder();
  const error = Object.assign(new Error('refused', { cause: new Error('reset') }), {
    code: 'ECONNREFUSED',
    config: { headers: 'x' },
  });
  createLogger({ program: 'p', stream }).error('Failed', { err: error });
  expect(lines()[0]?.['err']).toEqual({
    name: 'Error',
    code: 'ECONNREFUSED',
    message: 'refused',
    stack: expect.any(String) as unknown,
    cause: { name: 'Error', message: 'reset', stack: expect.any(String) as unknown },
  });
});

test.each([
  ['http://user:pw@host/x', 'http://***@host/x'],
  ['http://user:p@w@host/x?a=b@c', 'http://***@host/x?a=b@c'],
  ['http://u:p@one,http://u:q@two', 'http://***@one,http://***@two'],
  ['GET /job?token=abcd&service=x', 'GET /job?token=***&service=x'],
  ['the word hunter2 itself', 'the word *** itself'],
])('%s is printed without its secret', (text, shown) => {
  const { stream, lines } = recorder();
  createLogger({ program: 'p', stream, secrets: ['hunter2'] }).info(text, { note: text, deep: [{ text }] });
  expect(lines()[0]).toMatchObject({ message: shown, note: shown, deep: [{ text: shown }] });
});

test('a value of any length is cut, and takes no more time than its length allows', () => {
  const { stream, lines } = recorder();
  const logger = createLogger({ program: 'p', stream });
  const hostile = ['a', 'http://', 'x://y@', '?token=', '://', 'a@', '&users=a&'].map((piece) =>
    piece.repeat(Math.ceil(200_000 / piece.length)),
  );
  const startedMs = process.cpuUsage().user / 1_000;
  for (const text of hostile) logger.info('x', { text, name: `http://user:secret@host/${text}` });
  // Fractions of a second for 3 MB; a quadratic one took 31 s for 100 KB.
  expect(process.cpuUsage().user / 1_000 - startedMs).toBeLessThan(10_000);
  for (const line of lines()) {
    expect(String(line['text']).length).toBeLessThan(2_100);
    expect(String(line['name'])).toMatch(/^http:\/\/\*\*\*@host\//);
  }
});

test('what is nested too deep is left out, not printed unmasked', () => {
  const { stream, lines } = recorder();
  let nested: object = { password: 'hunter2' };
  for (let depth = 0; depth < 10; depth += 1) nested = { nested };
  createLogger({ program: 'p', stream }).info('x', { nested });
  expect(JSON.stringify(lines())).not.toContain('hunter2');
});

test('fields that are secret by their name are masked', () => {
  const { stream, lines } = recorder();
  createLogger({ program: 'p', stream }).info('x', {
    password: 'a',
    apiToken: 'b',
    Authorization: 'c',
    hasToken: true,
  });
  expect(lines()[0]).toMatchObject({
    password: '***',
    apiToken: '***',
    Authorization: '***',
    hasToken: true,
  });
});

test('lines below the level are left out', () => {
  const { stream } = recorder();
  createLogger({ program: 'p', stream, level: 'warn' }).info('quiet');
  expect(stream.read()).toBeNull();
});
