// cluster: none
// images: none
// when: asked, because it has passed 4 of 10 so far
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { sampleState } from '@docker-flow/dashboard/testing/sample-state';
import { startSimulatedLoop, type SimulatedLoop } from '@docker-flow/dashboard/testing/simulated-loop';
import type { SimulatedService } from '@docker-flow/dashboard/testing/simulated-service';
import { startDashboard, type StartedDashboard } from '@docker-flow/dashboard/testing/start-dashboard';
import { launchBrowser, openPage } from '../../harness/browser.js';

/** The dashboard in a real browser, over a simulated loop, so that everything can happen that has to be seen. */

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../..');
const screenshots = path.join(root, 'coverage', 'screenshots');
const axe = readFileSync(
  createRequire(path.join(root, 'packages/e2e/package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

const WIDE = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 780 } };
const VIEWS = [
  'services',
  'services?station=proxy&group=stack',
  'services/shop_web',
  'services/shop_api',
  'problems',
  'decisions',
  'routes',
  'certificates',
  'nodes',
  'labels/servicePath',
];

let browser: Browser;
let loop: SimulatedLoop;
let dashboard: StartedDashboard | undefined;
const url = (place: string) => `${dashboard?.url ?? ''}/#/${place}`;

beforeAll(async () => {
  browser = await launchBrowser(process.env);
  await mkdir(screenshots, { recursive: true });
});

afterAll(() => browser.close());

beforeEach(async () => {
  loop = await startSimulatedLoop(sampleState(Date.now()));
  dashboard = await startDashboard({ addresses: loop.addresses, pollInterval: '200ms' });
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await dashboard?.stop();
  dashboard = undefined;
  await loop.close();
});

async function open(place = 'services', options: object = WIDE) {
  const { page, troubles } = await openPage(browser, options);
  await page.goto(url(place));
  await page.getByText('● live').waitFor();
  await page.locator('.station.good').first().waitFor();
  return { page, troubles };
}

const row = (page: Page, name: string) => page.locator('table.services tbody tr', { hasText: name });

function change(name: string, more: Partial<SimulatedService>): void {
  loop.change((state) => ({
    ...state,
    services: state.services.map((one) => (one.name === name ? { ...one, ...more } : one)),
  }));
}

async function violations(page: Page): Promise<readonly string[]> {
  // Not as a script of the page: its policy allows none but its own.
  await page.evaluate(axe);
  return page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
}

test.each([
  ['wide', 'light', WIDE],
  ['wide', 'dark', WIDE],
  ['phone', 'light', PHONE],
  ['phone', 'dark', PHONE],
] as const)(
  '%s and %s, every view is whole, and nothing keeps anybody out',
  async (size, colorScheme, options) => {
    const { page, troubles } = await open('services', { ...options, colorScheme });
    await row(page, 'web').waitFor();
    for (const view of VIEWS) {
      await page.goto(url(view));
      await page.locator('main .card').first().waitFor();
      if (view.startsWith('services/')) await page.locator('table.labels').waitFor();
      expect([view, await violations(page)]).toEqual([view, []]);
      expect(
        await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
      ).toBeLessThanOrEqual(0);
      const name = `dashboard-${size}-${colorScheme}-${view.replace(/[^a-z_]+/g, '-')}.png`;
      await page.screenshot({ path: path.join(screenshots, name), fullPage: true });
    }
    expect(troubles).toEqual([]);
  },
  120_000,
);

test('what a label becomes is seen as it happens, without reloading', async () => {
  loop.change((state) => ({
    ...state,
    services: state.services.filter(({ name }) => name !== 'go-demo_main'),
  }));
  const { page, troubles } = await open();
  await row(page, 'shop / web').or(row(page, 'web')).first().waitFor();
  const demo = row(page, 'go-demo');
  await demo.waitFor({ state: 'detached' });
  const service: SimulatedService = {
    name: 'go-demo_main',
    stack: 'go-demo',
    labels: { servicePath: '/demo', port: '8080' },
    running: 1,
    wanted: 1,
    bounds: [1, 3],
  };
  loop.change((state) => ({ ...state, services: [...state.services, service] }));
  await demo.waitFor();
  change('go-demo_main', { routes: [{ paths: ['/demo'] }] });
  await demo.locator('code', { hasText: '/demo' }).waitFor();
  change('go-demo_main', { targets: [{ up: true }] });
  await demo.getByText('1/1').last().waitFor();
  const alert = { name: 'slow', expression: 'x > 1', sinceMs: Date.now() };
  change('go-demo_main', { alerts: [{ ...alert, state: 'pending' }] });
  await demo.getByText('1 pending').waitFor();
  change('go-demo_main', { alerts: [{ ...alert, state: 'firing' }] });
  await demo.getByText('1 firing').waitFor();
  change('go-demo_main', { wanted: 2 });
  await demo.getByText('1/2').waitFor();
  change('go-demo_main', { running: 2 });
  await demo.getByText('2/2').waitFor();
  expect(troubles).toEqual([]);
});

test('a rejected label says why, and what would be right', async () => {
  const { page } = await open('problems');
  const problem = page.locator('.problems li', { hasText: 'com.df.port' });
  await problem.getByText('is not a port').waitFor();
  await problem.getByText('a number from 1 to 65535').waitFor();
  await problem.getByText('Copy as command').click();
  await problem.getByText('docker service update --label-rm com.df.port shop_api').waitFor();
  await problem.getByRole('link', { name: 'com.df.port' }).click();
  await page.getByText('read by').first().waitFor();
  await page.getByRole('heading', { name: 'Problems with it' }).waitFor();
});

test('texts of labels are shown as they are written', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  change('shop_web', {
    labels: { servicePath: evil, [`x${evil}`]: `</script>${evil}`, port: '"\'`${alert(1)}' },
    routes: [{ domains: [evil], paths: [`/${evil}`] }],
    rejection: `service shop_web: label servicePath=${JSON.stringify(evil)} is ${evil}; expected ${evil}`,
    alerts: [{ name: evil, expression: `${evil} > 1`, state: 'firing' }],
  });
  const { page, troubles } = await open('services/shop_web');
  await page.locator('table.labels').getByText(`</script>${evil}`).waitFor();
  for (const view of ['services', 'problems', 'routes', 'decisions', 'nodes']) {
    await page.goto(url(view));
    await page.locator('main .card').first().waitFor();
    expect(await page.locator('main img').count()).toBe(0);
  }
  await page.goto(url(`services?q=${encodeURIComponent(evil)}`));
  await row(page, 'web').waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  expect(troubles).toEqual([]);
});

test.each([
  ['listener', 'Listener'],
  ['proxy', 'Proxy'],
  ['monitor', 'Monitor'],
  ['alertmanager', 'Alertmanager'],
  ['scaler', 'Scaler'],
] as const)('%s is killed and back: its station says so, all others go on', async (source, title) => {
  const { page } = await open();
  const station = page.locator('.station', { hasText: title });
  await loop.kill(source);
  await station.getByText('does not answer for').waitFor();
  expect(await page.locator('.station.away').count()).toBe(1);
  expect(await row(page, 'web').count()).toBe(1);
  await station.click();
  await page.getByText('ECONNREFUSED').waitFor();
  await loop.revive(source);
  await page.locator('.station.away').waitFor({ state: 'detached' });
});

test('without Prometheus its columns are grey, and keep what they said', async () => {
  const { page } = await open();
  await row(page, 'web').getByText('214').waitFor();
  await loop.kill('prometheus');
  await row(page, 'web').locator('td.stale', { hasText: '214' }).waitFor();
  await loop.revive('prometheus');
  await row(page, 'web').locator('td.stale').first().waitFor({ state: 'detached' });
});

test('after a cut the page asks for what is different since', async () => {
  const { page } = await open();
  await row(page, 'web').getByText('5/6').waitFor();
  await page.context().setOffline(true);
  await page.getByText('cut off for').waitFor();
  change('shop_web', { running: 6 });
  await page.context().setOffline(false);
  await page.getByText('● live').waitFor();
  await row(page, 'web').getByText('6/6').waitFor();
});

test('with the keyboard alone one finds a service, opens it, and comes back', async () => {
  const { page } = await open();
  await row(page, 'checkout').waitFor();
  await page.keyboard.press('/');
  await page.locator('#search:focus').waitFor();
  await page.keyboard.type('checkout');
  await row(page, 'web').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowDown');
  await page.locator('a.name:focus', { hasText: 'checkout' }).waitFor();
  await page.keyboard.press('Enter');
  await page
    .getByRole('heading', { name: 'shop / checkout' })
    .or(page.locator('#service-title'))
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await row(page, 'web').waitFor();
  await page.keyboard.press('4');
  await page.getByRole('heading', { name: /^Routes/ }).waitFor();
  await page.keyboard.press('1');
  const station = page.locator('.station:focus', { hasText: 'Listener' });
  for (let presses = 0; presses < 80 && (await station.count()) === 0; presses += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Listener: reasons' }).waitFor();
});

test('search, filter, order and group are in the address, so that a view can be shared', async () => {
  const { page } = await open();
  await page.locator('#search').fill('shop');
  await page.getByRole('button', { name: /^problem/ }).click();
  await page.getByRole('button', { name: 'Service', exact: true }).click();
  await page.getByRole('button', { name: 'by stack' }).click();
  await page.waitForURL(/q=shop/);
  const names = () => page.locator('table.services a.name').allTextContents();
  const seen = await names();
  expect(seen).toEqual(['shopapi', 'shopdb']);
  const other = await open(page.url().split('#/')[1]);
  await row(other.page, 'api').waitFor();
  expect(await other.page.locator('table.services a.name').allTextContents()).toEqual(seen);
});

test('rows keep their place while the pointer is on them', async () => {
  const { page } = await open();
  await row(page, 'monitor').waitFor();
  const names = () => page.locator('table.services a.name').allTextContents();
  await row(page, 'checkout').hover();
  const before = await names();
  change('flow_monitor', { rejection: 'HAProxy says no' });
  await page.locator('button.changes').waitFor();
  expect(await names()).toEqual(before);
  await row(page, 'monitor').locator('.badge.bad').waitFor();
  await page.locator('button.changes', { hasText: '1 change' }).click();
  await page.locator('button.changes').waitFor({ state: 'detached' });
  expect(await names()).not.toEqual(before);
});

test('a mark on the time line opens its decision', async () => {
  const { page } = await open('services/shop_web');
  await page.getByRole('button', { name: /from 3 to 6 replicas/ }).click();
  await page.locator('.decisions li.open', { hasText: 'from 3 to 6' }).waitFor();
  expect(page.url()).toContain('decision=');
  await page.getByRole('button', { name: '24 h' }).click();
  await page.waitForURL(/range=86400/);
  // Replicas, load against target, requests, response times.
  await page.locator('.plot canvas').nth(3).waitFor();
  expect(await page.locator('.plot canvas').count()).toBe(4);
});

test('"which route takes" asks the proxy', async () => {
  const { page } = await open('routes');
  await page.getByRole('textbox', { name: 'Address' }).fill('shop.example.com/checkout/1');
  await page.keyboard.press('Enter');
  await page.locator('.tried li').first().waitFor();
  expect(await page.getByRole('status').filter({ hasText: 'shop_' }).count()).toBeGreaterThan(0);
});

test('where nothing is, the label to add is named', async () => {
  loop.change((state) => ({
    ...state,
    services: [],
    decisions: [],
    certificates: [],
    nodes: [],
    issues: [],
  }));
  const { page } = await open();
  await page.getByText('com.df.notify=true').waitFor();
  await page.goto(url('routes'));
  await page.getByText('com.df.servicePath=/demo').waitFor();
  await page.goto(url('problems'));
  await page.getByText('Nothing is rejected').waitFor();
});

test('who wants little motion gets none', async () => {
  const { page } = await open('services', { ...WIDE, reducedMotion: 'reduce' });
  const duration = await page.evaluate(
    "getComputedStyle(document.querySelector('.station')).transitionDuration",
  );
  expect(duration).toBe('0s');
});
