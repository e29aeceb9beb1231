// cluster: --nodes 1
// images: production
// when: ci
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../../harness/until.js';
import { startAttackedStack, type AttackedStack } from './attacked-stack.js';
import { bankIsServed, heldForBank, type HeldForBank } from './bank.js';
import { hostileServices, type HostileService } from './hostile-services.js';
import { operatorsRoutesAreLive, OPERATORS_ROUTES, strangerGets } from './stranger.js';

/** Services whose labels try every trick, beside a bank that must not notice. Each test goes on from where the one before ended. */

const MINUTE_MS = 60_000;
const MALLORY = { authorization: `Basic ${Buffer.from('mallory:pw').toString('base64')}` };

interface ProxyStatus {
  readonly rejected: readonly { readonly service: string }[];
  readonly services: readonly { readonly service: string }[];
}

let stack: AttackedStack;
let before: HeldForBank;

beforeAll(async () => {
  stack = await startAttackedStack();
  await operatorsRoutesAreLive(stack.cluster.address);
  await bankIsServed(stack.cluster.address);
  before = await until('all that is held for the bank', async () => {
    const held = await heldForBank(stack);
    const { backend, rules, targets } = held;
    const isWhole = [backend.length === 1, rules.length === 1, targets.length === 2];
    return isWhole.every(Boolean) ? { done: held } : { notYet: JSON.stringify(held) };
  });
}, 12 * MINUTE_MS);

afterAll(() => stack.remove(), 2 * MINUTE_MS);

async function create({ name, labels, stack: inStack }: HostileService): Promise<void> {
  const own = { servicePath: `/${name}`, port: '8080', scrapePort: '8080', ...labels };
  await stack.create({ name, networks: ['proxy', 'monitor'], labels: own, stack: inStack });
}

test('tricks cost a service its own routes, or all of them, and nobody else', async () => {
  const hostile = hostileServices((await stack.makeCertificate('mallory')).replaceAll('\n', '\\n'));
  for (const one of hostile) await create(one);
  const wanted = hostile.filter(({ isRejected }) => isRejected).map(({ name }) => name);
  const live = hostile.filter(({ isRejected, stack: inStack }) => !isRejected && inStack === undefined);
  const status = await until(
    'the tricks rejected and the rest live',
    async () => {
      const told = JSON.parse(await stack.askProxy('/status')) as ProxyStatus;
      const rejected = told.rejected.map((one) => one.service).sort();
      const missing = live.filter(({ name }) => !told.services.some((one) => one.service === name));
      return JSON.stringify(rejected) === JSON.stringify([...wanted].sort()) && missing.length === 0
        ? { done: told }
        : {
            notYet: `rejected: ${rejected.join(' ')}; not live: ${missing.map(({ name }) => name).join(' ')}`,
          };
    },
    { everyMs: 1_000 },
  );
  expect(status.services.map(({ service }) => service)).toContain('bank');
});

test('an alert names the service it belongs to, whatever its labels say', async () => {
  const fired = await until(
    'the alert of evil-scaler fires',
    async () => {
      const { alerts } = await stack.askPrometheus<{
        alerts: readonly { labels: Record<string, string> }[];
      }>('alerts');
      const mine = alerts.find(({ labels }) => labels['alertname'] === 'evilscaler_mine');
      return mine ? { done: mine.labels } : { notYet: JSON.stringify(alerts) };
    },
    { everyMs: 1_000 },
  );
  expect(fired['service']).toBe('evil-scaler');
});

test('the bank is served as before, and passwords of others open nothing', async () => {
  const { address } = stack.cluster;
  expect(await heldForBank(stack)).toEqual(before);
  await bankIsServed(address);
  expect(await strangerGets(address, 'GET', '/bank/hello', { host: 'bank.test', ...MALLORY })).toBe(401);
  for (const target of OPERATORS_ROUTES)
    expect(await strangerGets(address, 'GET', target, MALLORY)).toBe(401);
});
