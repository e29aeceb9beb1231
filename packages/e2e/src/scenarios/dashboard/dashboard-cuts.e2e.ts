// cluster: none
// images: none
// when: test
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

test('Prometheus has no station: the list says since when it is away', async () => {
  const { page } = await simulated.open();
  await simulated.loop.kill('prometheus');
  await page.locator('.away-note', { hasText: /Prometheus has not answered for \d/ }).waitFor();
  await simulated.loop.revive('prometheus');
  await page.locator('.away-note').waitFor({ state: 'detached' });
});

test.each([
  ['proxy', 'services/shop_web', ['Routes']],
  ['alertmanager', 'services/shop_web', ['Alerts']],
  ['scaler', 'services/shop_web', ['Time line', 'Scaling', 'Tasks', 'Decisions']],
  ['listener', 'nodes', ['Nodes']],
  ['scaler', 'decisions', ['Decisions']],
  ['certificates', 'certificates', ['Certificates']],
] as const)('without %s its parts of %s are grey, and say since when', async (source, place, parts) => {
  const { page } = await simulated.open(place);
  const grey = page.locator('.card.stale');
  await page.locator('.card', { hasText: parts[0] }).first().waitFor();
  await simulated.loop.kill(source);
  const titles = async () =>
    (await grey.locator('h2').allTextContents()).map((text) => text.replace(/\d+$/, ''));
  await becomes('grey parts', titles, [...parts]);
  await becomes(
    'each says since when',
    () => grey.locator('.away-note', { hasText: /has not answered for \d/ }).count(),
    parts.length,
  );
  await simulated.loop.revive(source);
  await becomes('nothing is grey any more', () => grey.count(), 0);
});

test('the time line keeps what Prometheus and the scaler have said, and says since when', async () => {
  const { page } = await simulated.open('services/shop_web?range=900');
  const charts = page.locator('.plot canvas');
  await charts.nth(3).waitFor();
  await page.locator('.backend .badge').first().waitFor();
  await simulated.loop.kill('prometheus');
  await simulated.loop.kill('scaler');
  await becomes('both are told', () => page.locator('.card.stale #timeline-title ~ .away-note').count(), 2);
  const timeline = await page.waitForResponse((response) => response.url().includes('/timeline'));
  expect(await timeline.json()).toMatchObject({
    unanswered: expect.arrayContaining(['prometheus', 'scaler']),
  });
  const detail = await page.waitForResponse((response) => response.url().endsWith('/v1/services/shop_web'));
  expect(await detail.json()).toMatchObject({ servers: [] });
  // Both answers have been drawn once the page has painted after them.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  expect(await charts.count()).toBe(4);
  await page.getByRole('img', { name: /^Replicas, 2 to 8: now wanted 6/ }).waitFor();
  await page.locator('.backend .badge').first().waitFor();
  await simulated.loop.revive('prometheus');
  await simulated.loop.revive('scaler');
  await becomes('nothing is grey any more', () => page.locator('.card.stale').count(), 0);
});

test('certificates are listed without the program that orders them', async () => {
  const { page } = await simulated.open('certificates');
  const failed = page.getByRole('cell', { name: 'failed' });
  await failed.waitFor();
  await simulated.loop.kill('certificates');
  await page.locator('.away-note', { hasText: 'The program for certificates' }).waitFor();
  await failed.waitFor();
  await simulated.loop.revive('certificates');
  await page.locator('.away-note').waitFor({ state: 'detached' });
  await failed.waitFor();
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
  // Until the test has looked: else it is connected again within a second.
  await page.route('**/v1/events*', (route) => route.abort());
  await page.clock.fastForward(26_000);
  await page.getByText('cut off for').waitFor();
  await page.unroute('**/v1/events*');
  await page.clock.fastForward(2_000);
  await page.getByText('● live').waitFor();
  simulated.change('shop_web', { running: 6 });
  await row(page, 'web').getByText('6/6').waitFor();
});
