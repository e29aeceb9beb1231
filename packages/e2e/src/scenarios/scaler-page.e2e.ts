// cluster: --nodes 1
// images: none
// when: test
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { clusterFromEnvironment } from '../harness/swarm/cluster.js';
import { createDockerCli } from '../harness/swarm/docker-cli.js';
import { startScaler, type ScalerProcess } from '../harness/programs/scaler-process.js';

/** The page in a real browser, over services of a real Swarm whose tasks fit on no node. */

const cluster = clusterFromEnvironment(process.env);
const docker = createDockerCli(cluster.dockerHost);
const root = path.join(cluster.stacksDir, '..');
const screenshots = path.join(root, 'coverage', 'screenshots');
const services = ['go-demo_main', 'go-demo_other'];

let scaler: ScalerProcess;
let browser: Browser;

beforeAll(async () => {
  scaler = await startScaler(root, { DOCKER_HOST: cluster.dockerHost, SERVER_PREFIX: '/scaler' });
  for (const service of services) {
    await docker.run([
      ...['service', 'create', '--detach', '--no-resolve-image', '--name', service, '--replicas', '3'],
      ...['--endpoint-mode', 'dnsrr', '--constraint', 'node.labels.nowhere==true'],
      ...['--label', 'com.df.scaleMin=2', '--label', 'com.df.scaleMax=4', 'none'],
    ]);
  }
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  await mkdir(screenshots, { recursive: true });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await scaler.stop();
  await docker.run(['service', 'rm', ...services]);
}, 60_000);

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
  const first = page.locator('#activities li').first();
  await first.getByText('already scaled to the maximum number of 4 replicas').waitFor();
  await first.getByText('the maximum is 4 replicas (label com.df.scaleMax)').waitFor();
  await scaler.post('/v1/scale-service?service=go-demo_other&scale=down');
  await page.locator('#activities li').first().getByText('from 3 to 2 replicas').waitFor();

  await card.getByRole('button', { name: 'go-demo_main', exact: true }).click();
  await page.getByRole('button', { name: 'only go-demo_main' }).waitFor();
  expect(await page.locator('#activities li').count()).toBe(2);
  await page.screenshot({ path: path.join(screenshots, 'scaler-wide.png') });
  expect(problems).toEqual([]);
}, 60_000);

test('on a phone nothing is cut off', async () => {
  const { page, problems } = await open(360, 780);
  await page.locator('.card').first().waitFor();
  const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow).toBeLessThanOrEqual(0);
  await page.screenshot({ path: path.join(screenshots, 'scaler-phone.png'), fullPage: true });
  expect(problems).toEqual([]);
}, 60_000);

test('after a lost connection the page finds back by itself', async () => {
  const { page } = await open(1280, 900);
  await page.context().setOffline(true);
  await scaler.post('/v1/scale-service?service=go-demo_other&scale=down');
  await page.context().setOffline(false);
  await page.locator('#activities li', { hasText: 'go-demo_other is already descaled' }).waitFor();
}, 60_000);
