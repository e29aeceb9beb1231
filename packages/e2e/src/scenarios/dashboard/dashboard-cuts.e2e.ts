// cluster: none
// images: none
// when: asked, because it has passed 1 of 10 so far
import { expect, test } from '@jest/globals';
import { becomes, row, useSimulatedPage } from './simulated-page.js';

/** Programs and connections that are lost and come back, seen on the page. */

const simulated = useSimulatedPage();

test.each([
  ['listener', 'Listener'],
  ['proxy', 'Proxy'],
  ['monitor', 'Monitor'],
  ['alertmanager', 'Alertmanager'],
  ['scaler', 'Scaler'],
] as const)('%s is killed and back: its station says so, all others go on', async (source, title) => {
  const { page } = await simulated.open();
  const station = page.locator('.station', { hasText: title });
  await simulated.loop.kill(source);
  await station.getByText('does not answer for').waitFor();
  await becomes('it alone is away', () => page.locator('.station.away').count(), 1);
  await station.click();
  await page.getByText('ECONNREFUSED').waitFor();
  // What it said stays, and what others say goes on.
  await row(page, 'web').waitFor();
  await simulated.loop.revive(source);
  await page.locator('.station.away').waitFor({ state: 'detached' });
});

test.each([
  ['prometheus', 'Requests/s', '214'],
  ['scaler', 'Tasks', '5/6'],
  ['proxy', 'Routes', 'shop.example.com'],
] as const)('without %s its columns are grey, and keep what they said', async (source, column, text) => {
  const { page } = await simulated.open();
  const cell = row(page, 'web').locator(`td[data-title="${column}"]`, { hasText: text });
  await cell.waitFor();
  await simulated.loop.kill(source);
  const grey = row(page, 'web').locator(`td.stale[data-title="${column}"]`, { hasText: text });
  await grey.waitFor();
  await simulated.loop.revive(source);
  await grey.waitFor({ state: 'detached' });
  await cell.waitFor();
});

test('certificates are listed without the program that orders them', async () => {
  const { page } = await simulated.open('certificates');
  await page.getByRole('cell', { name: 'failed' }).waitFor();
  await simulated.loop.kill('certificates');
  await page.getByRole('cell', { name: 'failed' }).waitFor();
  await simulated.loop.revive('certificates');
  await page.getByRole('cell', { name: 'failed' }).waitFor();
});

test('after a cut the page asks for what is different since', async () => {
  const { page } = await simulated.open();
  await row(page, 'web').getByText('5/6').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/v1/events')) asked.push(request.url());
  });
  await page.context().setOffline(true);
  await page.getByText('cut off for').waitFor();
  simulated.change('shop_web', { running: 6 });
  await page.context().setOffline(false);
  await page.getByText('● live').waitFor();
  await row(page, 'web').getByText('6/6').waitFor();
  expect(asked.at(-1)).toMatch(/\/v1\/events\?since=[0-9a-f]+-[0-9]+$/);
});

test('a page that hears nothing for too long connects anew', async () => {
  const { page } = await simulated.open('services');
  // A page whose clock can be moved; heartbeats come every 10 s.
  await page.clock.install();
  await page.reload();
  await page.getByText('● live').waitFor();
  await page.clock.fastForward(26_000);
  await page.getByText('cut off for').waitFor();
  await page.clock.fastForward(2_000);
  await page.getByText('● live').waitFor();
  simulated.change('shop_web', { running: 6 });
  await row(page, 'web').getByText('6/6').waitFor();
});
