import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';

/** A shared key that updates are signed with (RFC 8945). */
export interface UpdateKey {
  readonly name: string;
  readonly algorithm: string;
  readonly secret: Buffer;
}

/** One value of a TXT record that is added or removed; never the others of its name. */
export interface UpdateChange {
  readonly kind: 'add' | 'remove';
  readonly name: string;
  readonly value: string;
}

export interface SignedMessage {
  readonly bytes: Buffer;
  readonly id: number;
  /** Of the request: answers are signed with it in front. */
  readonly mac: Buffer | undefined;
}

const [TYPE_SOA, TYPE_TXT, TYPE_TSIG] = [6, 16, 250];
const [CLASS_IN, CLASS_NONE, CLASS_ANY] = [1, 254, 255];
const OPCODE_UPDATE = 5;
const TTL_S = 60;
const FUDGE_S = 300;
const CODES: Readonly<Record<number, string>> = {
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
};

/** An update (RFC 2136) of one value, signed if there is a key. */
export function encodeUpdate(
  zone: string,
  { kind, name, value }: UpdateChange,
  key: UpdateKey | undefined,
  nowS: number,
): SignedMessage {
  const id = randomInt(65_536);
  const text = Buffer.from(value, 'latin1');
  const data = Buffer.concat([number(text.length, 1), text]);
  // To remove one value is class NONE without a lifetime (section 2.5.4).
  const [recordClass = CLASS_IN, ttl = 0] = kind === 'add' ? [CLASS_IN, TTL_S] : [CLASS_NONE, 0];
  const plain = Buffer.concat([
    ...[id, OPCODE_UPDATE << 11, 1, 0, 1, 0].map((one) => number(one, 2)),
    ...[encodeName(zone), number(TYPE_SOA, 2), number(CLASS_IN, 2)],
    ...[encodeName(name), number(TYPE_TXT, 2), number(recordClass, 2), number(ttl, 4)],
    ...[number(data.length, 2), data],
  ]);
  if (!key) return { bytes: plain, id, mac: undefined };
  const variables = signatureVariables(key, nowS, FUDGE_S);
  const mac = digest(key).update(plain).update(variables).digest();
  const signature = Buffer.concat([
    encodeName(key.algorithm),
    ...[number(nowS, 6), number(FUDGE_S, 2), number(mac.length, 2), mac],
    ...[number(id, 2), number(0, 2), number(0, 2)],
  ]);
  const bytes = Buffer.concat([
    plain,
    ...[encodeName(key.name), number(TYPE_TSIG, 2), number(CLASS_ANY, 2), number(0, 4)],
    ...[number(signature.length, 2), signature],
  ]);
  bytes.writeUInt16BE(1, 10);
  return { bytes, id, mac };
}

/** What a server answered: the name of its refusal, or `undefined` when it did what it was asked. @throws {Error} when it is no answer to the request */
export function readUpdateAnswer(
  answer: Buffer,
  { id, mac }: SignedMessage,
  key: UpdateKey | undefined,
): string | undefined {
  if (answer.length < 12 || answer.readUInt16BE(0) !== id || (answer.readUInt16BE(2) & 0x8000) === 0)
    throw new Error('the answer belongs to no request');
  const code = answer.readUInt16BE(2) & 0xf;
  if (code !== 0) return CODES[code] ?? `code ${code}`;
  // Who agrees must prove that it is the server: a refusal costs nothing.
  if (key && mac && !isSigned(answer, mac, key)) throw new Error('the answer is not signed with our key');
  return undefined;
}

function isSigned(answer: Buffer, requestMac: Buffer, key: UpdateKey): boolean {
  const at = tsigStart(answer);
  if (at === undefined) return false;
  const rdata = skipName(answer, at) + 10;
  const afterAlgorithm = skipName(answer, rdata);
  const time = answer.readUIntBE(afterAlgorithm, 6);
  const fudge = answer.readUInt16BE(afterAlgorithm + 6);
  const size = answer.readUInt16BE(afterAlgorithm + 8);
  const mac = answer.subarray(afterAlgorithm + 10, afterAlgorithm + 10 + size);
  const plain = Buffer.from(answer.subarray(0, at));
  plain.writeUInt16BE(answer.readUInt16BE(10) - 1, 10);
  const expected = digest(key)
    .update(number(requestMac.length, 2))
    .update(requestMac)
    .update(plain)
    .update(signatureVariables(key, time, fudge))
    .digest();
  return mac.length === expected.length && timingSafeEqual(mac, expected);
}

/** Where the signature begins: it is the last of the additional records. */
function tsigStart(message: Buffer): number | undefined {
  const counts = [4, 6, 8, 10].map((at) => message.readUInt16BE(at));
  const [questions = 0, ...records] = counts;
  let at = 12;
  for (let i = 0; i < questions; i += 1) at = skipName(message, at) + 4;
  const total = records.reduce((sum, one) => sum + one, 0);
  for (let i = 0; i < total; i += 1) {
    const fixed = skipName(message, at);
    if (i === total - 1 && message.readUInt16BE(fixed) === TYPE_TSIG) return at;
    at = fixed + 10 + message.readUInt16BE(fixed + 8);
  }
  return undefined;
}

function skipName(message: Buffer, start: number): number {
  for (let at = start; ;) {
    const length = message.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
}

/** What a signature covers beside the message (RFC 8945, section 4.3.3). */
function signatureVariables({ name, algorithm }: UpdateKey, time: number, fudge: number): Buffer {
  return Buffer.concat([
    ...[encodeName(name), number(CLASS_ANY, 2), number(0, 4), encodeName(algorithm)],
    ...[number(time, 6), number(fudge, 2), number(0, 2), number(0, 2)],
  ]);
}

function digest({ algorithm, secret }: UpdateKey) {
  return createHmac(algorithm.replace(/^hmac-/, ''), secret);
}

export function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.flatMap((label) => [number(label.length, 1), Buffer.from(label, 'latin1')]),
    number(0, 1),
  ]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
