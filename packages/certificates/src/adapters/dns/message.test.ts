import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { encodeUpdate, readUpdateAnswer, type UpdateKey } from './message.js';

const KEY: UpdateKey = { name: 'acme-key', algorithm: 'hmac-sha256', secret: Buffer.from('secret') };
const CHANGE = { kind: 'add', name: '_acme-challenge.a.test', value: 'v'.repeat(43) } as const;

function answer(request: Buffer, code: number): Buffer {
  const head = Buffer.alloc(12);
  request.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8000 | (5 << 11) | code, 2);
  return head;
}

/** What a server with the key adds to its answer. */
function signed(plain: Buffer, requestMac: Buffer, key: UpdateKey): Buffer {
  const number = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const name = (text: string) =>
    Buffer.concat([
      ...text.split('.').flatMap((label) => [number(label.length, 1), Buffer.from(label)]),
      number(0, 1),
    ]);
  const variables = Buffer.concat([
    name(key.name),
    number(255, 2),
    number(0, 4),
    name(key.algorithm),
    number(9, 6),
    number(300, 2),
    number(0, 4),
  ]);
  const mac = createHmac('sha256', key.secret)
    .update(number(requestMac.length, 2))
    .update(requestMac)
    .update(plain)
    .update(variables)
    .digest();
  const data = Buffer.concat([
    name(key.algorithm),
    number(9, 6),
    number(300, 2),
    number(mac.length, 2),
    mac,
    plain.subarray(0, 2),
    number(0, 4),
  ]);
  const whole = Buffer.concat([
    plain,
    name(key.name),
    number(250, 2),
    number(255, 2),
    number(0, 4),
    number(data.length, 2),
    data,
  ]);
  whole.writeUInt16BE(1, 10);
  return whole;
}

test('adding a value replaces none, and removing it removes no other', () => {
  const record = (kind: 'add' | 'remove') => {
    const { bytes } = encodeUpdate('a.test', { ...CHANGE, kind }, undefined, 0);
    const at = bytes.indexOf(Buffer.from('\x0f_acme-challenge\x01a\x04test\x00', 'latin1'));
    return [bytes.readUInt16BE(at + 24), bytes.readUInt16BE(at + 26), bytes.readUInt32BE(at + 28)];
  };
  expect(record('add')).toEqual([16, 1, 60]);
  expect(record('remove')).toEqual([16, 254, 0]);
});

test('a server is believed that signs with our key', () => {
  const message = encodeUpdate('a.test', CHANGE, KEY, 5);
  const plain = answer(message.bytes, 0);
  const mac = message.mac ?? Buffer.alloc(0);
  expect(readUpdateAnswer(signed(plain, mac, KEY), message, KEY)).toBeUndefined();
  const other = { ...KEY, secret: Buffer.from('other') };
  expect(() => readUpdateAnswer(signed(plain, mac, other), message, KEY)).toThrow('not signed');
  expect(() => readUpdateAnswer(plain, message, KEY)).toThrow('not signed');
});

test.each([
  [5, 'REFUSED'],
  [9, 'NOTAUTH'],
  [10, 'NOTZONE'],
  [15, 'code 15'],
])('code %i is %s', (code, name) => {
  const message = encodeUpdate('a.test', CHANGE, undefined, 5);
  expect(readUpdateAnswer(answer(message.bytes, code), message, undefined)).toBe(name);
});

test('an answer to another request is none', () => {
  const message = encodeUpdate('a.test', CHANGE, undefined, 5);
  expect(() => readUpdateAnswer(Buffer.alloc(12), { ...message, id: 7 }, undefined)).toThrow(
    'belongs to no request',
  );
});
