// cluster: --nodes 1
// images: none
// when: test
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../harness/browser.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { freePort } from '../../harness/programs/program-process.js';
import { startScaler, type ScalerProcess } from '../../harness/programs/scaler-process.js';

/** The page in a real browser, over services of a real Swarm whose tasks fit on no node. */

const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const screenshots = path.join(root, 'coverage', 'screenshots');
const services = ['go-demo_main', 'go-demo_other'];

/** Scaled on a target, with a metric that has no result. */
const TARGETED = 'jobs_worker';

let directory: string;
let prometheus: ChildProcess;
let scaler: ScalerProcess;
let browser: Browser;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'scaler-page-'));
  const port = await freePort();
  await writeFile(path.join(directory, 'prometheus.yml'), 'global: {scrape_interval: 15s}\n');
  prometheus = spawn(
    'prometheus',
    [
      `--config.file=${directory}/prometheus.yml`,
      `--storage.tsdb.path=${directory}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  scaler = await startScaler(root, {
    DOCKER_HOST: cluster.dockerHost,
    SERVER_PREFIX: '/scaler',
    SCALE_INTERVAL: '1s',
    PROMETHEUS_URL: `http://127.0.0.1:${port}`,
    DASHBOARD_URL: '/flow/',
  });
  for (const service of services) {
    await docker.run([
      ...['service', 'create', '--detach', '--no-resolve-image', '--name', service, '--replicas', '3'],
      ...['--endpoint-mode', 'dnsrr', '--constraint', 'node.labels.nowhere==true'],
      ...['--label', 'com.df.scaleMin=2', '--label', 'com.df.scaleMax=4', 'none'],
    ]);
  }
  await docker.run([
    ...['service', 'create', '--detach', '--no-resolve-image', '--name', TARGETED, '--replicas', '3'],
    ...['--endpoint-mode', 'dnsrr', '--constraint', 'node.labels.nowhere==true'],
    ...['--label', 'com.df.scaleOn=vector(12)', '--label', 'com.df.scaleTarget=4.5'],
    ...['--label', 'com.df.scaleOn.2=absent_over_time(up[5m]) > 2', '--label', 'com.df.scaleTarget.2=1'],
    ...['--label', 'com.df.scaleDownWindow=4m', '--label', 'com.df.scaleUpBy=many', 'none'],
  ]);
  browser = await launchBrowser(process.env);
  await mkdir(screenshots, { recursive: true });
});

afterAll(async () => {
  await browser.close();
  await scaler.stop();
  const ended = new Promise((resolve) => prometheus.once('exit', resolve));
  prometheus.kill('SIGTERM');
  await ended;
  await docker.run(['service', 'rm', ...services, TARGETED]);
  await rm(directory, { recursive: true, force: true });
});

async function open(width: number, height: number): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width, height } });
  const problems: string[] = [];
  page.on('console', (message) => (message.type() === 'error' ? problems.push(message.text()) : undefined));
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(`${scaler.url}/scaler/`);
  await page.getByText('live', { exact: true }).waitFor();
  return { page, problems };
}

test('what happens appears without reloading, with its reason, and on the picture', async () => {
  const { page, problems } = await open(1280, 900);
  const card = page.locator('.card', { hasText: 'go-demo_main' });
  await card.getByText('2 – 4').waitFor();
  expect(await card.locator('.now strong').textContent()).toBe('3');

  await scaler.post('/v1/scale-service?service=go-demo_main&to=4');
  await scaler.post('/v1/scale-service?service=go-demo_main&to=5');
  await card.locator('.now strong', { hasText: '4' }).waitFor();
  await card.getByText('at maximum').waitFor();
  await card.locator('.mark.up').waitFor();
  // Tasks that fit on no node are told, too, a little later.
  const first = page
    .locator('#activities li', { hasText: 'already scaled to the maximum number of 4 replicas' })
    .first();
  await first.waitFor();
  await first.getByText('the maximum is 4 replicas (label com.df.scaleMax)').waitFor();
  await scaler.post('/v1/scale-service?service=go-demo_other&scale=down');
  await page.locator('#activities li', { hasText: 'from 3 to 2 replicas' }).waitFor();

  await card.getByRole('button', { name: 'go-demo_main', exact: true }).click();
  await page.getByRole('button', { name: 'only go-demo_main' }).waitFor();
  const decisions = page.locator('#activities li').filter({ hasNotText: 'cannot be placed' });
  expect(await decisions.count()).toBe(2);
  await page.screenshot({ path: path.join(screenshots, 'scaler-wide.png') });
  expect(problems).toEqual([]);
});

test('a service with a target shows value, target, windows and what is wrong', async () => {
  const { page, problems } = await open(1280, 900);
  const card = page.locator('.card', { hasText: TARGETED });
  const row = card.locator('tr', { hasText: 'vector(12)' });
  await row.waitFor();
  expect(await row.locator('td').allTextContents()).toEqual(['vector(12)', '12', '4.5 each', '3']);
  await card.getByText('windows ↑ 0 s ↓ 4 min').waitFor();
  await card.getByText('FailedGetMetrics').waitFor();
  await card.getByText('label scaleUpBy="many" is not a step').waitFor();
  const link = card.getByRole('link', { name: 'all of it' });
  expect(await link.getAttribute('href')).toBe(`/flow/#/services/${TARGETED}`);
  await page.screenshot({ path: path.join(screenshots, 'scaler-target.png') });
  expect(problems).toEqual([]);
});

test('on a phone nothing is cut off', async () => {
  const { page, problems } = await open(360, 780);
  await page.locator('.card').first().waitFor();
  const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow).toBeLessThanOrEqual(0);
  await page.screenshot({ path: path.join(screenshots, 'scaler-phone.png'), fullPage: true });
  expect(problems).toEqual([]);
});

test('after a lost connection the page finds back by itself', async () => {
  const { page } = await open(1280, 900);
  await page.context().setOffline(true);
  await scaler.post('/v1/scale-service?service=go-demo_other&scale=down');
  await page.context().setOffline(false);
  await page.locator('#activities li', { hasText: 'go-demo_other is already descaled' }).waitFor();
});
