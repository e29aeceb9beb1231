// cluster: none
// images: none
// when: test
import { expect, test } from '@jest/globals';
import { becomes, namesOf, row, useSimulatedPage } from './simulated-page.js';

/** The list of services in a browser: worst first, searched, filtered, sorted, grouped, shared, and with the keyboard alone. */

const simulated = useSimulatedPage();

test('the worst service is first, and filters say how many there are', async () => {
  const { page } = await simulated.open();
  await becomes('worst first', async () => (await namesOf(page))[0], 'shopapi');
  const pills = page.getByRole('group', { name: 'Filters' }).getByRole('button');
  await becomes('filters have counts', () => pills.allTextContents(), [
    'problem 3',
    'alerting 2',
    'scaling 1',
    'at a bound 1',
    'paused 1',
    'no route 2',
  ]);
  await page.getByRole('button', { name: /^paused/ }).click();
  await becomes('only the one that is paused', () => namesOf(page), ['go-demomain']);
});

test.each([
  { column: 'Service', sort: 'name', first: 'flowmonitor', last: 'shopweb' },
  { column: 'Tasks', sort: 'tasks', first: 'shopweb', last: 'shopdb' },
  { column: 'Routes', sort: 'routes', first: 'shopcheckout', last: 'shopdb' },
  { column: 'Requests/s', sort: 'requests', first: 'shopweb', last: 'shopdb' },
  { column: '5xx', sort: 'errors', first: 'shopcheckout', last: 'shopdb' },
  { column: 'Response', sort: 'time', first: 'shopcheckout', last: 'shopdb' },
  { column: 'Targets', sort: 'targets', first: 'shopapi', last: 'shopweb' },
  { column: 'Alerts', sort: 'alerts', first: 'shopweb', last: 'shopdb' },
  { column: 'Last decision', sort: 'decision', first: 'shopcheckout', last: 'shopdb' },
  { column: 'Problems', sort: 'problems', first: 'legacysite', last: 'shopweb' },
])(
  'by $column $first is first and $last last; then the other way round',
  async ({ column, sort, first, last }) => {
    const { page } = await simulated.open();
    await row(page, 'web').waitFor();
    const head = page.getByRole('columnheader', { name: column });
    const button = head.getByRole('button');
    const directions =
      column === 'Service' ? (['ascending', 'descending'] as const) : (['descending', 'ascending'] as const);
    const shown = async () => ({ sorted: await head.getAttribute('aria-sort'), names: await ends() });
    const ends = async () => {
      const names = await namesOf(page);
      return [names[0], names.at(-1)];
    };
    await button.click();
    await becomes(`sorted by ${column}`, shown, { sorted: directions[0], names: [first, last] });
    expect(page.url()).toContain(`sort=${sort}`);
    await button.click();
    await becomes('it says that it is reversed', () => head.getAttribute('aria-sort'), directions[1]);
    expect(page.url()).toContain('order=reversed');
    await button.click();
    await becomes('the third time it is not sorted', () => head.getAttribute('aria-sort'), 'none');
    await becomes('the worst is first again', async () => (await namesOf(page))[0], 'shopapi');
  },
);

test('search, filter, order and group are in the address, so that a view can be shared', async () => {
  const { page } = await simulated.open();
  await page.locator('#search').fill('shop');
  await page.getByRole('button', { name: /^problem/ }).click();
  await page.getByRole('columnheader', { name: 'Service' }).getByRole('button').click();
  await page.getByRole('button', { name: 'by stack' }).click();
  await page.waitForURL(/q=shop&filter=problem&sort=name&group=stack/);
  const wanted = ['shopapi', 'shopdb'];
  await becomes('what is looked for', () => namesOf(page), wanted);
  const other = await simulated.open(page.url().split('#/')[1]);
  await becomes('the same is seen where it is shared', () => namesOf(other.page), wanted);
  await other.page.locator('tr.stack', { hasText: 'shop' }).waitFor();
});

test('rows keep their place while the pointer is on them', async () => {
  const { page } = await simulated.open();
  await row(page, 'monitor').waitFor();
  await row(page, 'checkout').hover();
  const before = await namesOf(page);
  simulated.change('flow_monitor', { rejection: 'HAProxy says no' });
  const changes = page.locator('button.changes');
  await changes.waitFor();
  // The row says what is new, at the place where it was.
  await row(page, 'monitor').locator('.badge.bad').waitFor();
  expect(await namesOf(page)).toEqual(before);
  simulated.change('go-demo_main', { rejection: 'HAProxy says no' });
  await changes.filter({ hasText: '2 changes' }).waitFor();
  expect(await namesOf(page)).toEqual(before);
  await changes.click();
  await changes.waitFor({ state: 'detached' });
  expect(await namesOf(page)).not.toEqual(before);
});

test('with the keyboard alone one finds a service, opens it, and comes back', async () => {
  const { page } = await simulated.open();
  await row(page, 'checkout').waitFor();
  await page.keyboard.press('/');
  await page.locator('#search:focus').waitFor();
  await page.keyboard.type('checkout');
  await row(page, 'web').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowDown');
  await page.locator('a.name:focus', { hasText: 'checkout' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#service-title', { hasText: 'checkout' }).waitFor();
  await page.keyboard.press('Escape');
  await row(page, 'web').waitFor();
  await page.keyboard.press('4');
  await page.getByRole('heading', { name: /^Routes/ }).waitFor();
  await page.keyboard.press('1');
  await row(page, 'web').waitFor();
  const station = page.locator('.station:focus', { hasText: 'Listener' });
  for (let presses = 0; presses < 80 && (await station.count()) === 0; presses += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Listener: reasons' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Listener: reasons' }).waitFor({ state: 'detached' });
});
