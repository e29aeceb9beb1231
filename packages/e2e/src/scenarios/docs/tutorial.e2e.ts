// cluster: --nodes 3
// images: loop
// when: ci
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { markedBlocks } from '../../page/marked-blocks.js';
import { runPage } from '../../page/run-page.js';
import { createShellSession, type ShellSession } from '../../page/shell-session.js';
import { createSlackReceiver, type SlackReceiver } from '../../harness/programs/slack-receiver.js';
import { createProgress } from '../../harness/progress.js';
import { until } from '../../harness/until.js';

const cluster = clusterFromEnvironment(process.env);
const { root } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const PAGE = 'docs/tutorials/auto-scaling.md';
const page = readFileSync(path.join(root, PAGE), 'utf8');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};

let slack: SlackReceiver;
let session: ShellSession;
beforeAll(async () => {
  slack = await createSlackReceiver(cluster.gateway);
  session = await createShellSession(root, { ...process.env, SLACK_WEBHOOK_URL: slack.url });
});
afterAll(async () => {
  await session.end();
  await slack.close();
});

test('the cluster of the tutorial is the one that this test runs on', () => {
  const given = markedBlocks(page).filter((block) => block.mark.kind === 'given');
  expect(given[0]?.commands.split('\n')).toEqual([
    'scripts/build-images',
    'scripts/dm-swarm --nodes 3',
    `scripts/dm-swarm load dockerflow/docker-flow-{proxy,monitor,scaler,swarm-listener,demo}:${version} prom/alertmanager:v0.33.1`,
    'eval "$(scripts/dm-swarm env)"',
    'scripts/dm-swarm exec bash',
  ]);
  expect(given[1]?.commands).toMatch(/^export SLACK_WEBHOOK_URL=https:\S+$/);
});

test('the tutorial on auto-scaling does what it says, from its first line to its last', async () => {
  await runPage(PAGE, page, session, async (line) => {
    progress.note(line);
    // What is said on the way comes a moment later than it happens, and never once Alertmanager is gone.
    if (line.includes('docker stack rm')) await everythingIsSaid();
  });
  expect(unsaid()).toEqual([]);
});

const SAID = [
  /go-demo_main was scaled from 3 to 2 replicas/,
  /go-demo_main was scaled from 2 to 3 replicas/,
  /go-demo_main could not be scaled: .*minimum is 2 replicas/,
  /Error rate of the service go-demo_main is above 0\.001/,
];

/** What nobody has read in Slack so far. */
function unsaid(): readonly RegExp[] {
  const said = slack.messages().map((message) => message.text);
  return SAID.filter((wanted) => !said.some((text) => wanted.test(text)));
}

async function everythingIsSaid(): Promise<void> {
  await until('messages in Slack', () => {
    const missing = unsaid();
    return Promise.resolve(missing.length === 0 ? { done: true } : { notYet: missing.join(', ') });
  });
}
