import { readPrometheusDuration } from '@docker-flow/labels';
import { scalarText } from '../text/yaml.js';
import { applyVariables } from './apply-variables.js';
import type { ConfigVariable } from './variable.js';

/** The default of Prometheus. */
const DEFAULT_MS = 60_000;

/**
 * The interval of services that have none of their own. A variable that is not a duration does not count: it is
 * rejected when the files are checked, and what it was laid over comes back.
 */
export function globalScrapeIntervalMs(variables: readonly ConfigVariable[]): number {
  const readable = variables.filter(
    ({ path, value }) =>
      path.join('.') !== 'global.scrape_interval' || value === '' || readPrometheusDuration(value),
  );
  const text = scalarText(applyVariables(readable, []).global?.['scrape_interval']);
  const ms = text === undefined ? 0 : (readPrometheusDuration(text)?.ms ?? 0);
  return ms === 0 ? DEFAULT_MS : ms;
}
