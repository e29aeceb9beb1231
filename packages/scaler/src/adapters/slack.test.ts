import { afterEach, expect, test } from '@jest/globals';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { silentLogger, type Logger } from '@docker-flow/daemon/log/logger';
import { startNeighbour, type Neighbour } from '../testing/http-neighbour.fake.js';
import { createSlack } from './slack.js';

const started: Neighbour[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.close()));
});

async function slackAnswering(statuses: number[], logger: Logger = silentLogger()) {
  const neighbour = await startNeighbour(() => ({ status: statuses.shift() ?? 200, body: 'ok' }));
  started.push(neighbour);
  const results: boolean[] = [];
  const sink = createSlack({
    webhookUrl: `${neighbour.address}/services/T0/B0/very-secret`,
    http: createHttpClient({ timeoutMs: 20_000 }),
    logger,
    onSent: (ok) => results.push(ok),
    pausesMs: [1, 1],
  });
  const texts = () => neighbour.received.map(({ body }) => (JSON.parse(body) as { text: string }).text);
  return { sink, results, texts };
}

test('messages arrive in order, as plain text that cannot become a mention or a link', async () => {
  const { sink, texts } = await slackAnswering([]);
  sink.send('go-demo_main was scaled from 3 to 2 replicas', 'good');
  sink.send('<!channel> & co could not be scaled', 'bad');
  await sink.idle();
  expect(texts()).toEqual([
    'go-demo_main was scaled from 3 to 2 replicas',
    '&lt;!channel&gt; &amp; co could not be scaled',
  ]);
});

test('what Slack cannot take now is sent again, in its place', async () => {
  const { sink, results, texts } = await slackAnswering([429, 503, 200]);
  sink.send('a', 'good');
  sink.send('b', 'good');
  await sink.idle();
  expect([texts(), results]).toEqual([
    ['a', 'a', 'a', 'b'],
    [true, true],
  ]);
});

test('what Slack refuses is given up and logged without the secret address', async () => {
  const lines: string[] = [];
  const logger = {
    ...silentLogger(),
    warn: (message: string, fields?: object) => void lines.push(message + JSON.stringify(fields)),
  };
  const { sink, results } = await slackAnswering([404, 500, 500, 500], logger);
  sink.send('a', 'good');
  sink.send('b', 'good');
  await sink.idle();
  expect(results).toEqual([false, false]);
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('very-secret');
});
