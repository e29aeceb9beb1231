import type { AlertingRule, PrometheusConfig } from '../services/prometheus-model.js';
import { TARGET_DIRECTORY } from '../services/service-scrape.js';
import { isMapping, PlainScalar, scalarText, type YamlMapping, type YamlValue } from '../text/yaml.js';

/** Name of a rule file beside the real one that is only checked. */
export const TYPE_RULE_FILE = 'alert-types.rules';

/**
 * A rule that parses only when the expression of `rule` is an instant vector or a number. Whoever checks a rule
 * checks its syntax; a range vector or a text passes, and fails at each evaluation (prometheus/prometheus#1202).
 * Operands of a multiplication may be nothing else, so the parser of Prometheus itself says it. To be checked
 * beside the rule: alone it would let unbalanced parentheses pass. The line break ends a comment.
 */
export function typeRule({ alert, expr }: AlertingRule): AlertingRule {
  return { alert, expr: `(${expr}\n) * 1` };
}

export interface CheckPlaces {
  /** Where the target files to be checked lie. */
  readonly targetDirectory: string;
  /** A file that exists. */
  readonly emptyFile: string;
  /** Puts DF_FS_ROOT before a path. */
  readonly root: (path: string) => string;
}

/** Files that Prometheus reads again for each request: whether they exist yet says nothing about the configuration. */
const READ_LATER = new Set([
  'bearer_token_file',
  'credentials_file',
  'password_file',
  'username_file',
  'client_secret_file',
]);

/** The configuration as it is given to promtool, which looks into the files it names. */
export function configForCheck(config: PrometheusConfig, places: CheckPlaces): PrometheusConfig {
  return changed(config as YamlMapping, places) as PrometheusConfig;
}

/** Whether the check looks into files that this part of a configuration names. */
export function namesFiles(value: YamlValue, key = ''): boolean {
  if (Array.isArray(value)) return value.some((item: YamlValue) => namesFiles(item, key));
  if (isMapping(value))
    return Object.entries(value).some(([name, entry]) => entry !== undefined && namesFiles(entry, name));
  return isFileKey(key);
}

function isFileKey(key: string): boolean {
  return key === 'files' || key.endsWith('_file');
}

/** The value itself when nothing in it has to be changed. */
function changed(value: YamlValue, places: CheckPlaces, key = ''): YamlValue {
  if (Array.isArray(value)) {
    const items = value as readonly YamlValue[];
    const result: readonly YamlValue[] = items.map((item) => changed(item, places, key));
    return result.some((item, i) => item !== items[i]) ? result : value;
  }
  if (isMapping(value)) {
    const entries = Object.entries(value).map(
      ([name, entry]) => [name, entry === undefined ? undefined : changed(entry, places, name)] as const,
    );
    return entries.some(([name, entry]) => entry !== value[name])
      ? Object.fromEntries<YamlValue | undefined>(entries)
      : value;
  }
  const text = typeof value === 'string' || value instanceof PlainScalar ? scalarText(value) : undefined;
  if (text === undefined) return value;
  if (READ_LATER.has(key)) return places.emptyFile;
  if (key === 'files' && text.startsWith(`${TARGET_DIRECTORY}/`))
    return places.targetDirectory + text.slice(TARGET_DIRECTORY.length);
  const isPath = isFileKey(key) && text.startsWith('/');
  return isPath && places.root(text) !== text ? places.root(text) : value;
}
