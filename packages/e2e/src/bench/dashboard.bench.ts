// cluster: none
// images: none
//
// The page of the dashboard in a real browser over 1,000 simulated services. Its server: pnpm --filter
// @docker-flow/dashboard bench.
import type { Page } from 'playwright-core';
import { manyServices } from '@docker-flow/dashboard/testing/sample-state';
import { startSimulatedLoop } from '@docker-flow/dashboard/testing/simulated-loop';
import { startDashboard } from '@docker-flow/dashboard/testing/start-dashboard';
import { median, percentile, report } from '@docker-flow/testkit';
import { launchBrowser, openPage } from '../harness/browser.js';

const SERVICES = 1_000;
const OPENINGS = 5;
const CHANGES = 20;
/** Among the first hundred rows, which are drawn. */
const CHANGED = 0;

const loop = await startSimulatedLoop(manyServices(SERVICES, Date.now()));
const dashboard = await startDashboard({ addresses: loop.addresses });
const browser = await launchBrowser(process.env);
try {
  const paints: number[] = [];
  const rows: number[] = [];
  for (let i = 0; i < OPENINGS; i += 1) {
    const page = await open();
    paints.push(await firstPaint(page));
    rows.push(await page.evaluate<number>('performance.now()'));
    await page.context().close();
  }
  const page = await open();
  const { delays, scriptMs } = await measureChanges(page);
  report({ what: 'first paint, in the middle', value: median(paints), unit: 'ms', goal: 1_000 });
  report({ what: 'first paint, the longest', value: percentile(paints, 1), unit: 'ms', goal: 1_000 });
  report({ what: `rows of ${SERVICES} services are there, in the middle`, value: median(rows), unit: 'ms' });
  report({
    what: 'source says it → on the page, in the middle',
    value: median(delays),
    unit: 'ms',
    goal: 1_000,
  });
  report({ what: 'source says it → on the page, the longest', value: percentile(delays, 1), unit: 'ms' });
  report({ what: 'script of the page for an update', value: scriptMs, unit: 'ms', goal: 50 });
} finally {
  await browser.close();
  await dashboard.stop();
  await loop.close();
}

async function open(): Promise<Page> {
  const { page } = await openPage(browser, { viewport: { width: 1280, height: 900 } });
  await page.goto(`${dashboard.url}/`);
  await page.locator('table.services tbody tr').nth(50).waitFor();
  return page;
}

async function firstPaint(page: Page): Promise<number> {
  return page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
}

/** One service changes again and again; the clock of the page costs its part as well. */
async function measureChanges(
  page: Page,
): Promise<{ readonly delays: readonly number[]; readonly scriptMs: number }> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Performance.enable');
  const scriptSeconds = async () => {
    const { metrics } = await devTools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN;
  };
  const before = await scriptSeconds();
  const delays: number[] = [];
  for (let i = 0; i < CHANGES; i += 1) {
    const running = 10 + i;
    loop.change((state) => ({
      ...state,
      services: state.services.map((one, n) => (n === CHANGED ? { ...one, running, wanted: 50 } : one)),
    }));
    const changedAt = performance.now();
    await page.getByText(`${running}/50`).waitFor();
    delays.push(performance.now() - changedAt);
  }
  return { delays, scriptMs: (((await scriptSeconds()) - before) / CHANGES) * 1_000 };
}
