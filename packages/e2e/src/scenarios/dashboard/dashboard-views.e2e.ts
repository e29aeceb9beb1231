// cluster: none
// images: none
// when: test
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { PHONE, rootOf, screenshotPath, useSimulatedPage, WIDE } from './simulated-page.js';

/** Every view, wide and on a phone, light and dark: whole, and without a barrier for anybody. */

const simulated = useSimulatedPage();
const axe = readFileSync(
  createRequire(path.join(rootOf(), 'packages/e2e/package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** Each view, and what is there once it is drawn whole. */
const VIEWS: readonly (readonly [place: string, ...drawn: string[]])[] = [
  ['services', 'table.services:not(:has(tr.stack))', '.loop:not(:has(.reasons))'],
  ['services?station=proxy&group=stack', 'table.services tr.stack', '.reasons'],
  [
    'services/shop_web',
    '#service-title:has-text("web")',
    'table.labels',
    '.charts > :nth-child(5)',
    '.target .conditions',
  ],
  ['services/shop_api', '#service-title:has-text("api")', 'table.labels:has-text("808O")', '.charts canvas'],
  ['problems', '#problems-title', 'ul.problems'],
  ['decisions', '#decisions-title', 'ol.decisions'],
  ['routes', '#routes-title', '#explain-title'],
  ['certificates', '#certificates-title', 'main table'],
  ['nodes', '#nodes-title', 'main table'],
  ['labels/servicePath', '#label-title', '.entry'],
];

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
  async (size, scheme, options) => {
    const { page, troubles } = await simulated.open('services', { ...options, colorScheme: scheme });
    for (const [view, ...drawn] of VIEWS) {
      await page.goto(simulated.url(view));
      for (const part of drawn) await page.locator(part).first().waitFor();
      expect([view, await violations(page)]).toEqual([view, []]);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      expect([view, overflow]).toEqual([view, 0]);
      const name = `dashboard-${size}-${scheme}-${view.replace(/[^A-Za-z_]+/g, '-')}`;
      await page.screenshot({ path: screenshotPath(name), fullPage: true });
    }
    expect(troubles).toEqual([]);
  },
);

test('the page is as dark as the reader likes it', async () => {
  const grounds: unknown[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await simulated.open('services', { ...WIDE, colorScheme });
    await page.locator('.station').first().waitFor();
    grounds.push(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'));
  }
  const brightness = grounds.map((ground) => Number(/\d+/.exec(String(ground))?.[0]));
  expect(brightness[0]).toBeGreaterThan(200);
  expect(brightness[1]).toBeLessThan(60);
});

test('who wants little motion gets none', async () => {
  const { page } = await simulated.open('services', { ...WIDE, reducedMotion: 'reduce' });
  await page.locator('.station').first().waitFor();
  const duration = await page.evaluate(
    "getComputedStyle(document.querySelector('.station')).transitionDuration",
  );
  expect(duration).toBe('0s');
});
