import { readPrometheusDuration } from '@docker-flow/labels';
import { scalarText } from '../yaml.js';
import { applyVariables } from './apply-variables.js';
import type { ConfigVariable } from './variable.js';

/** The default of Prometheus. */
const DEFAULT_MS = 60_000;

/** The interval of services that have none of their own. */
export function globalScrapeIntervalMs(variables: readonly ConfigVariable[]): number {
  const text = scalarText(applyVariables(variables, []).global?.['scrape_interval']);
  const ms = text === undefined ? 0 : (readPrometheusDuration(text)?.ms ?? 0);
  return ms === 0 ? DEFAULT_MS : ms;
}
