import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Delivery } from '../core/notifications/delivery.js';
import { aReceiver } from '../testing/swarm-objects.js';
import { createDeliveryLog } from './delivery-log.js';

const receiver = aReceiver('create');

function delivery(name: string): Delivery {
  return { objectId: name, name, receiver, parameters: {}, revision: '', after: [], singleAttempt: false };
}

function world() {
  const lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  const say =
    (level: string) =>
    (message: string, fields: object = {}) =>
      void lines.push({ level, message, fields: { ...fields } });
  const logger = { ...silentLogger(), info: say('info'), warn: say('warn'), error: say('error') };
  return { log: createDeliveryLog('service', logger), lines };
}

const refused = new Error('GET http://proxy:8080/create?serviceName=a&users=x: connect ECONNREFUSED');

test('a receiver that starts is told of once, not with each service, and without whole queries', () => {
  const { log, lines } = world();
  for (const name of ['a', 'b', 'c']) log.failure(delivery(name), refused, 1, false);
  expect(lines).toMatchObject([
    { level: 'warn', fields: { reason: 'GET http://proxy:8080/create: connect ECONNREFUSED' } },
  ]);
  log.settled(delivery('b'), 'delivered');
  expect(lines.slice(1).map(({ message }) => message)).toEqual([
    'Receiver takes notifications again',
    'Sent service created notification',
  ]);
  log.failure(delivery('a'), refused, 1, false);
  expect(lines.at(-1)?.level).toBe('warn');
});

test.each([
  [400, '{"Status":"NOK","Message":"servicePath is missing"}', 'servicePath is missing'],
  [400, '{"code":"invalid_request","message":"no port"}', 'no port'],
  [409, 'the name is taken', 'the name is taken'],
])('the reason of a %d is told, once for each service until it is another', (status, body, reason) => {
  const { log, lines } = world();
  const tell = (name: string, text = body) =>
    status === 409
      ? log.rejected(delivery(name), { status, body: text })
      : log.failure(delivery(name), { status, body: text }, 1, false);
  for (const name of ['a', 'a', 'b', 'a']) {
    tell(name);
    // With each comparison it is given up anew.
    if (status !== 409) log.failure(delivery(name), { status, body }, 5, true);
  }
  const warnings = () =>
    lines
      .filter(({ level }) => level === 'warn')
      .map(({ fields }) => `${String(fields['service'])}: ${String(fields['reason'])}`);
  expect(warnings()).toEqual([`a: ${reason}`, `b: ${reason}`]);
  tell('a', 'something else');
  expect(warnings()).toHaveLength(3);
});

test('a notification that is given up with each comparison is told once, until it arrives', () => {
  const { log, lines } = world();
  const levels = () => lines.map(({ level }) => level);
  for (let times = 0; times < 3; times += 1) log.failure(delivery('a'), refused, 5, true);
  expect(levels()).toEqual(['error']);
  log.settled(delivery('a'), 'delivered');
  log.failure(delivery('a'), refused, 5, true);
  expect(levels()).toEqual(['error', 'info', 'error']);
});
