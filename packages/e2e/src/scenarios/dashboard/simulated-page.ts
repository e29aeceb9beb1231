import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { sampleState } from '@docker-flow/dashboard/testing/sample-state';
import { startSimulatedLoop, type SimulatedLoop } from '@docker-flow/dashboard/testing/simulated-loop';
import type { SimulatedService, SimulatedState } from '@docker-flow/dashboard/testing/simulated-service';
import { startDashboard, type StartedDashboard } from '@docker-flow/dashboard/testing/start-dashboard';
import { launchBrowser, openPage, type OpenedPage } from '../../harness/browser.js';
import { until } from '../../harness/until.js';

export const WIDE = { viewport: { width: 1280, height: 900 } };
export const PHONE = { viewport: { width: 360, height: 780 } };

/** The dashboard in a real browser over a simulated loop, so that everything can happen that has to be seen. */
interface SimulatedPage {
  /** Each test has its own. */
  readonly loop: SimulatedLoop;
  /** Where a place of the page is, such as `services/shop_web?range=900`. */
  url(place: string): string;
  /** Opens the page once every program has told the dashboard what there is. */
  open(place?: string, options?: BrowserContextOptions): Promise<OpenedPage>;
  /** Changes a service. */
  change(name: string, more: Partial<SimulatedService>): void;
  /** Changes what there is besides. */
  changeState(more: Partial<SimulatedState>): void;
}

/** For the head of a file: starts and ends all of it around each test. */
export function useSimulatedPage(): SimulatedPage {
  let browser: Browser;
  let loop: SimulatedLoop;
  let dashboard: StartedDashboard | undefined;
  const url = (place: string) => `${dashboard?.url ?? ''}/#/${place}`;

  beforeAll(async () => {
    browser = await launchBrowser(process.env);
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

  async function everySourceIsUp(): Promise<void> {
    await until('every source is up', async () => {
      const answer = await fetch(`${dashboard?.url ?? ''}/v1/state`);
      const state = (await answer.json()) as Readonly<Record<string, { readonly state?: string }>>;
      const sources = Object.entries(state).filter(([key]) => key.startsWith('source/'));
      const missing = sources.filter(([, { state: now }]) => now !== 'up').map(([key]) => key);
      return missing.length === 0 ? { done: undefined } : { notYet: missing.join(', ') };
    });
  }

  return {
    get loop() {
      return loop;
    },
    url,
    async open(place = 'services', options = WIDE) {
      await everySourceIsUp();
      const opened = await openPage(browser, options);
      await opened.page.goto(url(place));
      await opened.page.getByText('● live').waitFor();
      return opened;
    },
    change(name, more) {
      loop.change((state) => ({
        ...state,
        services: state.services.map((one) => (one.name === name ? { ...one, ...more } : one)),
      }));
    },
    changeState(more) {
      loop.change((state) => ({ ...state, ...more }));
    },
  };
}

/** The row of a service in the list, by a part of its text. */
export function row(page: Page, name: string): Locator {
  return page.locator('table.services tbody tr', { hasText: name });
}

/** The names in the list, in the order that is shown: stack and name together. */
export function namesOf(page: Page): Promise<readonly string[]> {
  return page.locator('table.services a.name').allTextContents();
}

/** Waits until what is asked of the page is as expected. */
export async function becomes<T>(what: string, ask: () => Promise<T>, expected: T): Promise<void> {
  await until(what, async () => {
    expect(await ask()).toEqual(expected);
    return { done: undefined };
  });
}

/** Where pictures of pages are left for people to look at. */
export function screenshotPath(name: string): string {
  return path.join(rootOf(), 'coverage', 'screenshots', `${name}.png`);
}

/** The checkout: this is a file five folders below it. */
export function rootOf(): string {
  return path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../..');
}
