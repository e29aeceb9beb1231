// cluster: --nodes 1
// images: loop
// when: ci
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, type OpenedPage } from '../../harness/browser.js';
import { getStatus } from '../../harness/http-get.js';
import { createProgress } from '../../harness/progress.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { withLogsOnFailure } from '../../harness/swarm/service-logs.js';
import { readStackFile } from '../../harness/swarm/stack-file.js';
import { allRunning, networkVariables, removeStacks } from '../../harness/swarm/stack.js';
import { until } from '../../harness/until.js';
import { tellStory } from '../../story/story.js';
import { firstMissing, readRows, recordRow, type SeenRow, type Step } from './row-recorder.js';
import { row, screenshotPath, WIDE } from './simulated-page.js';

/** The story of quickstart on quickstart.yml, from first to last as somebody sees it who looks at the page behind the proxy. */

const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const whole = readFileSync(path.join(cluster.stacksDir, 'quickstart.yml'), 'utf8');
const withoutDemo = whole.replace(/\n {2}demo:\n[^]*?(?=\nnetworks:)/, '\n');
const proxyUrl = `http://${cluster.address}`;
const DEMO = 'flow_demo';
const variables = {
  ...networkVariables(cluster.hasIpvs),
  DOCKER_SOCKET: cluster.dockerSocket,
  DOMAIN: cluster.address,
  SCRAPE_INTERVAL: '2s',
  EVALUATION_INTERVAL: '2s',
  ALERT_FOR: '20s',
};

let browser: Browser;
let opened: OpenedPage;
let page: Page;

async function deploy(file: string): Promise<void> {
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', '-', 'flow'], {
    input: file,
    env: variables,
  });
}

function withLogs<T>(work: () => Promise<T>): Promise<T> {
  return withLogsOnFailure(docker, progress, work);
}

beforeAll(async () => {
  browser = await launchBrowser(process.env);
  await withLogs(async () => {
    progress.chapter('quickstart.yml without the service that scales itself');
    await deploy(withoutDemo);
    const services = Object.keys(readStackFile(withoutDemo).services).map((name) => `flow_${name}`);
    await allRunning(docker, services, undefined, (reason) => progress.waiting(reason));
    await until('the page answers behind the proxy', async () => {
      const status = await getStatus(`${proxyUrl}/flow/`, cluster.address);
      return status === 200 ? { done: undefined } : { notYet: `status ${status}` };
    });
  });
  opened = await openPage(browser, WIDE);
  ({ page } = opened);
  await page.goto(`${proxyUrl}/flow/#/services`);
  await page.getByText('● live').waitFor();
  await row(page, 'dashboard').waitFor();
});

afterAll(async () => {
  await browser.close();
  if (!process.env['DF_KEEP']) await removeStacks(docker, ['flow']);
});

const isPending = ({ alerts }: SeenRow) => alerts.includes('pending');
const isFiring = ({ alerts }: SeenRow) => alerts.includes('firing');
const LABELS: readonly Step[] = [
  ['its labels have arrived', () => true],
  ['it has a route', ({ routes }) => routes === '/demo'],
  ['it has targets, all of them up', ({ targets }) => /^([1-9]\d*)\/\1$/.test(targets)],
];
/*
 * The scaler tells of a decision at once, Prometheus is asked every two seconds: a decision may be on the page a moment
 * before the alert that it came of is seen to fire there. Both come after the alert was pending.
 */
const STORIES: readonly (readonly [string, readonly Step[]])[] = [
  ['fast answers: pending, then firing', [...LABELS, ['pending', isPending], ['firing', isFiring]]],
  [
    'fast answers: pending, then a decision, then replicas',
    [
      ...LABELS,
      ['pending', isPending],
      ['the decision', ({ decision }) => decision === 'scaled 3 → 2'],
      ['its replicas', ({ tasks }) => tasks.startsWith('2/2')],
    ],
  ],
  [
    'slow answers: the other way round',
    [
      ['the minimum', ({ tasks }) => tasks.startsWith('2/2')],
      ['pending', isPending],
      ['the decision', ({ decision }) => decision === 'scaled 2 → 3'],
      ['its replicas', ({ tasks }) => tasks.startsWith('3/3')],
    ],
  ],
];

test('label, route, target, alert, decision and replicas are seen one after the other', async () => {
  await recordRow(page, DEMO);
  expect(await readRows(page)).toEqual([null]);
  await withLogs(async () => {
    progress.chapter('flow_demo joins, with its labels');
    await deploy(whole);
    const hero = { service: DEMO, alerts: ['resptimeabove', 'resptimebelow'] };
    await tellStory({ docker, proxyUrl, progress, hero });
  });
  for (const [story, steps] of STORIES)
    await until(story, async () => {
      const missing = firstMissing(await readRows(page), steps);
      return missing === undefined
        ? { done: undefined }
        : { notYet: `${missing} was not seen in ${JSON.stringify(await readRows(page))}` };
    });
  const rows = await readRows(page);
  for (const seen of rows) progress.note(JSON.stringify(seen));
  await row(page, 'demo').locator('td[data-title="Requests/s"]', { hasText: /\d/ }).waitFor();
  await page.screenshot({ path: screenshotPath('dashboard-loop-services'), fullPage: true });
});

test('a click on it opens what its labels became, its time line and its decisions', async () => {
  await row(page, 'demo').locator('td[data-title="Requests/s"]').click();
  await page.locator('#service-title', { hasText: 'demo' }).waitFor();
  const labels = page.locator('table.labels tbody tr');
  for (const [label, became] of [
    ['com.df.servicePath', 'routed: /demo'],
    ['com.df.scrapePort', /scraped: (\d+) of \1 targets up/],
    ['com.df.alertIf.1', 'alert flow_demo_resptimeabove'],
    ['com.df.scaleMax', 'scaled between 2 and 4 replicas'],
  ] as const)
    await labels.filter({ hasText: label }).filter({ hasText: '✓ in force' }).getByText(became).waitFor();
  await page
    .locator('.backend .badge', { hasText: /UP|no check/ })
    .first()
    .waitFor();
  await page
    .getByText(/^✓ [1-9] running$/)
    .first()
    .waitFor();
  await page.getByRole('list', { name: 'Alerts' }).getByText('flow_demo_resptimebelow').waitFor();
  await page.getByRole('img', { name: /^Replicas, 2 to 4: now wanted [2-4]/ }).waitFor();
  await page.getByRole('img', { name: /^Requests per second/ }).waitFor();
  await page
    .getByRole('button', { name: /from 3 to 2 replicas/ })
    .first()
    .click();
  await page.locator('.decisions li.open', { hasText: 'from 3 to 2' }).waitFor();
  await page.screenshot({ path: screenshotPath('dashboard-loop-service'), fullPage: true });
});

test('a label that is rejected says why, until it is mended', async () => {
  await docker.run(['service', 'update', '--detach', '--label-add', 'com.df.port=abc', DEMO]);
  const port = page.locator('table.labels tbody tr', { hasText: 'com.df.port' });
  await port.getByText('✕ rejected').waitFor();
  await port.getByText('Expected:').waitFor();
  await page.goto(`${proxyUrl}/flow/#/problems`);
  const problem = page.locator('.problems li', { hasText: 'com.df.port=abc' });
  await problem.getByText('an older version of the service is still routed').waitFor();
  await docker.run(['service', 'update', '--detach', '--label-add', 'com.df.port=8080', DEMO]);
  await problem.waitFor({ state: 'detached' });
});

/** The scaler goes on meanwhile: alerts about fast and slow answers change the count between its bounds. */
const ALL_OF_THEM = /([2-4])\/\1/;

test('without the monitor and its Prometheus their part is grey, and comes back with them', async () => {
  await page.goto(`${proxyUrl}/flow/#/services`);
  const station = page.locator('.station', { hasText: 'Monitor' });
  const targets = row(page, 'demo').locator('td[data-title="Targets"]');
  await targets.filter({ hasText: ALL_OF_THEM }).waitFor();
  await docker.run(['service', 'scale', '--detach', 'flow_monitor=0']);
  await station.getByText('does not answer for').waitFor();
  // What it said last, which may be that tasks have just come.
  await row(page, 'demo')
    .locator('td.stale[data-title="Targets"]', { hasText: /\d\/\d/ })
    .waitFor();
  await page.locator('.away-note', { hasText: 'Prometheus has not answered for' }).waitFor();
  expect(await page.locator('.station.away').count()).toBe(1);
  await row(page, 'demo').locator('td:not(.stale)[data-title="Tasks"]', { hasText: ALL_OF_THEM }).waitFor();
  await page.screenshot({ path: screenshotPath('dashboard-loop-without-monitor'), fullPage: true });
  await withLogs(async () => {
    await docker.run(['service', 'scale', '--detach', 'flow_monitor=1']);
    await page.locator('.station.away').waitFor({ state: 'detached', timeout: 10 * 60_000 });
    await targets
      .and(page.locator('td:not(.stale)'))
      .filter({ hasText: ALL_OF_THEM })
      .waitFor({ timeout: 10 * 60_000 });
  });
});

test('nothing on the page has failed meanwhile', () => {
  // A reload of HAProxy ends the connections of the worker before: the page connects anew.
  expect(opened.troubles.filter((text) => !/^Failed to load resource|net::ERR_/.test(text))).toEqual([]);
});
