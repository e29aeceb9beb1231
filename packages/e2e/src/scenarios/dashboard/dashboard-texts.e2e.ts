// cluster: none
// images: none
// when: test
import { expect, test } from '@jest/globals';
import { row, useSimulatedPage } from './simulated-page.js';

/** What the page says where there is nothing, and what it makes of texts that somebody else has written. */

const simulated = useSimulatedPage();
const EVIL = '<img src=x onerror=alert(1)>';

test('texts of labels are shown as they are written', async () => {
  simulated.change('shop_web', {
    labels: { servicePath: EVIL, [`x${EVIL}`]: `</script>${EVIL}`, port: '"\'`${alert(1)}' },
    routes: [{ domains: [EVIL], paths: [`/${EVIL}`] }],
    rejection: `service shop_web: label servicePath=${JSON.stringify(EVIL)} is ${EVIL}; expected ${EVIL}`,
    alerts: [{ name: EVIL, expression: `${EVIL} > 1`, state: 'firing' }],
  });
  const { page, troubles } = await simulated.open('services/shop_web');
  await page.locator('table.labels').getByText(`</script>${EVIL}`).waitFor();
  await page.locator('.alerts').getByText(`${EVIL} > 1`).waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  for (const [view, title] of [
    ['services', 'services-title'],
    ['problems', 'problems-title'],
    ['routes', 'routes-title'],
    ['decisions', 'decisions-title'],
    ['nodes', 'nodes-title'],
  ] as const) {
    await page.goto(simulated.url(view));
    await page.locator(`#${title}`).waitFor({ state: 'attached' });
    expect([view, await page.locator('main img').count()]).toEqual([view, 0]);
  }
  await page.goto(simulated.url(`services?q=${encodeURIComponent(EVIL)}`));
  await row(page, 'web').waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  expect(troubles).toEqual([]);
});

test.each([
  ['services', 'com.df.notify=true'],
  ['routes', 'com.df.servicePath=/demo'],
  ['decisions', 'com.df.scaleMin'],
  ['certificates', 'com.df.serviceCert'],
  ['problems', 'Nothing is rejected'],
  ['nodes', 'No node is told of'],
])('where nothing is, %s names what to add: %s', async (view, text) => {
  simulated.changeState({ services: [], decisions: [], certificates: [], nodes: [], issues: [] });
  const { page } = await simulated.open(view);
  await page.locator('.empty', { hasText: text }).waitFor();
});

test('each part of a service that has nothing names the label to add', async () => {
  const services = [{ name: 'bare', labels: {}, running: 1, wanted: 1 }];
  simulated.changeState({ services, decisions: [], certificates: [], issues: [] });
  const { page } = await simulated.open('services/bare');
  for (const [title, label] of [
    ['Not routed', 'com.df.servicePath=/demo'],
    ['Not scraped', 'com.df.scrapePort=8080'],
    ['No alert', 'com.df.alertName=memlimit'],
    ['Not scaled', 'com.df.scaleMin=2'],
  ] as const)
    await page.locator('.empty', { hasText: title }).getByText(label).waitFor();
});

test('a search that finds nothing shows the way back', async () => {
  const { page } = await simulated.open('services?q=nothing-of-the-kind');
  await page.getByRole('button', { name: 'Show all 7' }).click();
  await row(page, 'web').waitFor();
});
