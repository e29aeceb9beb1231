// cluster: none
// images: none
// when: test
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startFakeDockerEngine, type FakeDockerEngine } from '@docker-flow/testkit';
import { launchBrowser, openPage } from '../../harness/browser.js';
import { startScaler, type ScalerProcess } from '../../harness/programs/scaler-process.js';

/** The pictures on the scaler's page, in a real browser: the program is the real one, only Docker is a fake. */

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../..');
const screenshots = path.join(root, 'coverage', 'screenshots');
const MINUTE_MS = 60_000;
const WIDE = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 780 } };

let engine: FakeDockerEngine;
let scaler: ScalerProcess;
let browser: Browser;

beforeAll(async () => {
  engine = await startFakeDockerEngine({ nodes: [{ hostname: 'node-1', role: 'manager' }] });
  engine.createService({
    Name: 'shop_web',
    Labels: { 'com.df.scaleMin': '2', 'com.df.scaleMax': '6' },
    Mode: { Replicated: { Replicas: 3 } },
  });
  scaler = await startScaler(root, { DOCKER_HOST: engine.dockerHost, SERVER_PREFIX: '/scaler' });
  browser = await launchBrowser(process.env);
  await mkdir(screenshots, { recursive: true });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await scaler.stop();
  await engine.close();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** The page; its clock stands still so long after the first look at the service. */
async function open(knownMinutes: number, options: object = WIDE) {
  const answer = await fetch(`${scaler.url}/v1/replicas`);
  const { replicas } = (await answer.json()) as {
    readonly replicas: Readonly<Record<string, readonly { readonly atMs: number }[]>>;
  };
  const firstMs = replicas['shop_web']?.[0]?.atMs ?? 0;
  const { page, troubles } = await openPage(browser, options);
  await page.clock.setFixedTime(firstMs + knownMinutes * MINUTE_MS);
  await page.goto(`${scaler.url}/scaler/`);
  await page.getByText('live', { exact: true }).waitFor();
  // A level line has no height, and nothing without height is visible to a browser.
  await page.locator('.card svg.chart .wanted').waitFor({ state: 'attached' });
  return { page, troubles };
}

/** How far right of the left edge the line of wanted replicas begins, as a share of the picture. */
function emptyShare(page: Page, picture = '.card svg.chart'): Promise<number> {
  return page.evaluate(`(() => {
    const picture = document.querySelector(${JSON.stringify(picture)});
    const grid = picture.querySelector('.grid').getBBox();
    return (picture.querySelector('.wanted').getBBox().x - grid.x) / grid.width;
  })()`);
}

test.each([
  { known: 1, span: '5 minutes', empty: 4 / 5 },
  { known: 30, span: '33 minutes', empty: 1 / 11 },
  { known: 120, span: '60 minutes', empty: 0 },
])(
  'after $known minutes a service is shown on $span, and no line is drawn before its first count',
  async ({ known, span, empty }) => {
    const { page, troubles } = await open(known);
    await page.getByRole('img', { name: `Replicas of shop_web over the last ${span}` }).waitFor();
    expect(await emptyShare(page)).toBeCloseTo(empty, 3);
    expect(troubles).toEqual([]);
  },
);

test('a range that is longer than what is known stays young, a shorter one is kept', async () => {
  const { page } = await open(30);
  const shown = (minutes: number) =>
    page.getByRole('img', { name: `Replicas of shop_web over the last ${minutes} minutes` }).waitFor();
  await page.getByRole('button', { name: '24 h' }).click();
  await shown(33);
  await page.getByRole('button', { name: '15 min' }).click();
  await shown(15);
  expect(await emptyShare(page)).toBe(0);
});

test('what activities tell of the time before the first look is drawn, and nothing before them', async () => {
  const { page } = await open(1);
  await page.evaluate(`import('./chart.js').then(({ drawChart }) => {
    const nowMs = Date.now();
    const before = (minutes) => nowMs - minutes * ${MINUTE_MS};
    const picture = drawChart({
      service: { name: 'shop_api', min: { value: 2 }, max: { value: 4 }, replicas: { wanted: 3 } },
      series: [{ atMs: before(10), wanted: 3, running: 3 }],
      activities: [{ id: '1', outcome: 'scaled', from: 2, to: 3, atMs: before(20), message: 'from 2 to 3' }],
      spanMs: 60 * ${MINUTE_MS},
      nowMs,
      onMark() {},
    });
    picture.id = 'early';
    document.body.append(picture);
  })`);
  const early = page.getByRole('img', { name: 'Replicas of shop_api over the last 22 minutes' });
  await early.waitFor();
  expect(await emptyShare(page, '#early')).toBeCloseTo(1 / 11, 3);
  // The step from 2 to 3 is part of the line.
  expect(await page.evaluate(`document.querySelector('#early .wanted').getBBox().height > 0`)).toBe(true);
  await early.getByRole('button', { name: 'from 2 to 3' }).waitFor();
});

test.each([
  ['wide', WIDE],
  ['phone', PHONE],
] as const)(
  'lines, areas and every kind of mark have their word in the legend (%s)',
  async (size, options) => {
    const { page, troubles } = await open(30, options);
    const legend = page.getByRole('list', { name: 'What lines, areas and marks of the pictures mean' });
    await legend.waitFor();
    expect(await legend.getByRole('listitem').allTextContents()).toEqual([
      'wanted',
      'running',
      'scaled up',
      'scaled down',
      'restored, or raised to the minimum',
      'held',
      'failed',
    ]);
    // Every kind of mark that a picture can have looks like one that is in the legend.
    const unexplained = await page.evaluate(`import('./chart.js').then(({ markKind }) => {
    const look = (mark) => getComputedStyle(mark).fill;
    const explained = new Set([...document.querySelectorAll('.legend .mark')].map(look));
    const outcomes = [
      { outcome: 'scaled', from: 1, to: 2 },
      { outcome: 'scaled', from: 2, to: 1 },
      { outcome: 'restored', from: 1, to: 2 },
      { outcome: 'raised', from: 1, to: 2 },
      { outcome: 'held', from: 2, to: 2 },
      { outcome: 'failed' },
    ];
    return outcomes.map(markKind).filter((kind) => {
      const mark = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      mark.setAttribute('class', 'mark ' + kind);
      document.querySelector('.card svg.chart').append(mark);
      return !explained.has(look(mark));
    });
  })`);
    expect(unexplained).toEqual([]);
    // Words that can be read, also where the page is narrow.
    expect(
      await page.evaluate("parseFloat(getComputedStyle(document.querySelector('.legend li')).fontSize)"),
    ).toBeGreaterThan(11);
    expect(
      await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'),
    ).toBeLessThanOrEqual(0);
    await page.screenshot({ path: path.join(screenshots, `scaler-legend-${size}.png`) });
    expect(troubles).toEqual([]);
  },
);
