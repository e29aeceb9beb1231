import { expect, test } from '@jest/globals';
import { globalScrapeIntervalMs } from './global-interval.js';
import { configVariables } from './variable.js';

test.each([
  [{}, 60_000],
  [{ GLOBAL_SCRAPE_INTERVAL: '10s' }, 10_000],
  [{ GLOBAL_SCRAPE_INTERVAL: '10s', GLOBAL__SCRAPE_INTERVAL: '1m30s' }, 90_000],
  [{ GLOBAL__SCRAPE_INTERVAL: 'often' }, 60_000],
  [{ GLOBAL_SCRAPE_INTERVAL: '10s', GLOBAL__SCRAPE_INTERVAL: 'often' }, 10_000],
  [{ GLOBAL__SCRAPE_INTERVAL: '0s' }, 60_000],
])('%j: %i ms', (environment, ms) => expect(globalScrapeIntervalMs(configVariables(environment))).toBe(ms));
