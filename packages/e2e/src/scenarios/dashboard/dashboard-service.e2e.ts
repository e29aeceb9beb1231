// cluster: none
// images: none
// when: test
import { expect, test } from '@jest/globals';
import type { SimulatedService } from '@docker-flow/dashboard/testing/simulated-service';
import { row, useSimulatedPage } from './simulated-page.js';

/** What the page says of one service: its story as it happens, labels, alerts, tasks, time line, routes and decisions. */

const simulated = useSimulatedPage();

test('what a label becomes is seen as it happens, without reloading', async () => {
  const { services: all, decisions } = simulated.loop.state();
  const services = all.filter(({ name }) => name !== 'go-demo_main');
  simulated.changeState({ services });
  const { page, troubles } = await simulated.open();
  await row(page, 'web').waitFor();
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
  simulated.changeState({ services: [...services, service] });
  await demo.waitFor();
  simulated.change('go-demo_main', { routes: [{ paths: ['/demo'] }] });
  await demo.locator('code', { hasText: '/demo' }).waitFor();
  simulated.change('go-demo_main', { targets: [{ up: true }] });
  await demo.locator('[data-title="Targets"]', { hasText: '1/1' }).waitFor();
  const alert = { name: 'slow', expression: 'x > 1', sinceMs: Date.now() };
  simulated.change('go-demo_main', { alerts: [{ ...alert, state: 'pending' }] });
  await demo.getByText('1 pending').waitFor();
  simulated.change('go-demo_main', { alerts: [{ ...alert, state: 'firing' }] });
  await demo.getByText('1 firing').waitFor();
  simulated.changeState({
    decisions: [
      {
        service: 'go-demo_main',
        outcome: 'scaled',
        atMs: Date.now(),
        from: 1,
        to: 2,
        message: 'Scaling go-demo_main from 1 to 2 replicas (min: 1, max: 3)',
        explanation: 'one request changes the count by 1',
        asker: 'Alertmanager receiver scale, alert go-demo_main_slow',
        request: 'scale up',
      },
      ...decisions,
    ],
  });
  simulated.change('go-demo_main', { wanted: 2 });
  await demo.getByText('scaled 1 → 2').waitFor();
  await demo.getByText('1/2').waitFor();
  simulated.change('go-demo_main', { running: 2 });
  await demo.getByText('2/2').waitFor();
  expect(troubles).toEqual([]);
});

test('a rejected label says why, what would be right, and which command mends it', async () => {
  const { page } = await simulated.open('problems');
  const problem = page.locator('.problems li', { hasText: 'com.df.port' });
  await problem.getByText('is not a port').waitFor();
  await problem.getByText('a number from 1 to 65535').waitFor();
  await problem.getByText('Copy as command').click();
  const command = 'docker service update --label-rm com.df.port shop_api';
  await problem.getByText(command).waitFor();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await problem.getByRole('button', { name: 'Copy as command: remove it' }).click();
  await problem
    .getByRole('button', { name: 'Copy as command: remove it' })
    .filter({ hasText: 'Copied' })
    .waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command);
  await problem.getByRole('link', { name: 'com.df.port' }).click();
  await page.getByText('read by').first().waitFor();
  await page.getByRole('heading', { name: 'Problems with it' }).waitFor();
});

test('why requests end in 503, and what is wrong with a program itself, is a problem, too', async () => {
  const closed = 'port 8080 of shop_web (10.0.1.4) is closed: nothing listens there yet';
  simulated.change('shop_web', { unreachable: closed });
  const own = 'HAProxy does not answer the challenges of authorities';
  simulated.changeState({ proxyWarnings: [own] });
  const { page } = await simulated.open('problems');
  await page
    .locator('.problems li', { hasText: 'shop_web' })
    .getByText(`requests end in 503: ${closed}`)
    .waitFor();
  await page.locator('.problems li', { hasText: own }).waitFor();
  await page.locator('.station', { hasText: 'Proxy' }).click();
  await page.locator('.reasons li', { hasText: own }).waitFor();
  await page.locator('.reasons li', { hasText: closed }).waitFor();
});

test('each label of a service says what became of it', async () => {
  const { page } = await simulated.open('services/shop_api');
  const labels = page.locator('table.labels tbody tr');
  const port = labels.filter({ hasText: 'com.df.port' });
  await port.getByText('✕ rejected').waitFor();
  await port.getByText('a number from 1 to 65535').waitFor();
  await labels.filter({ hasText: 'com.df.scrapePort' }).getByText('✓ in force').waitFor();
  await page.getByText('connection refused').last().waitFor();
});

test('an alert that is pending says when it fires, one that fires who was told', async () => {
  const { page } = await simulated.open('services/shop_checkout');
  const alerts = page.locator('.alerts li');
  await alerts
    .filter({ hasText: '◔ pending' })
    .getByText(/fires (in \d+ s|at the next evaluation)/)
    .waitFor();
  await alerts.getByText('value 1.02').waitFor();
  await page.goto(simulated.url('services/shop_web'));
  await alerts.filter({ hasText: '▲ firing' }).getByText('Alertmanager: told scale').waitFor();
});

test('a task that finds no node says why; a value stands beside its target', async () => {
  const { page } = await simulated.open('services/shop_web');
  await page.getByText('Waiting for a node').waitFor();
  await page.getByText('no suitable node (insufficient resources on 2 nodes)').waitFor();
  const metric = page.locator('.target tbody tr', { hasText: '@requests' });
  expect(await metric.locator('td').allTextContents()).toEqual(['42.8 each', '40 each', '6']);
  await page.getByText('AbleToScale yes').waitFor();
});

test('a mark on the time line opens its decision; the range is in the address', async () => {
  const { page } = await simulated.open('services/shop_web');
  await page.getByRole('button', { name: /from 3 to 6 replicas/ }).click();
  await page.locator('.decisions li.open', { hasText: 'from 3 to 6' }).waitFor();
  expect(page.url()).toContain('decision=');
  await page.getByRole('button', { name: '24 h' }).click();
  await page.waitForURL(/range=86400/);
  // Replicas, load against target, requests, response times.
  await page.locator('.plot canvas').nth(3).waitFor();
  expect(await page.locator('.plot canvas').count()).toBe(4);
});

test('one cursor is for all lines, and it stays while the time line moves on', async () => {
  const { page } = await simulated.open('services/shop_web');
  await page.locator('.plot canvas').nth(3).waitFor();
  await page.locator('.plot .u-over').nth(2).hover();
  // Each says what it was at that time.
  const titles = ['Replicas', 'Load against target', 'Requests per second', 'Response time'];
  const readout = (title: string) =>
    page.locator('.chart', { hasText: title }).locator('.readout', { hasText: /^\d\d:\d\d:\d\d .+ \d/ });
  for (const title of titles) await readout(title).waitFor();
  const asked = page.waitForResponse((response) => response.url().includes('/timeline'));
  simulated.change('shop_web', { running: 6 });
  await asked;
  await page.getByRole('img', { name: /^Replicas.* running 6/ }).waitFor();
  for (const title of titles) await readout(title).waitFor();
});

test('"which route takes" asks the proxy', async () => {
  const { page } = await simulated.open('routes');
  await page.getByRole('textbox', { name: 'Address' }).fill('shop.example.com/checkout/1');
  await page.keyboard.press('Enter');
  await page.locator('.tried li').first().waitFor();
  await page.getByRole('status').filter({ hasText: 'shop_' }).waitFor();
});

test('a route that never gets a request is marked', async () => {
  const { page } = await simulated.open('routes');
  await page.getByText('! shadowed by go-demo_main').waitFor();
});
