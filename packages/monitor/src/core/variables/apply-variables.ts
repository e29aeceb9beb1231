import { isMapping, renderYaml, scalarText, type YamlMapping } from '../text/yaml.js';
import { finish, mappingNode, presetItems, setOption } from './option-tree.js';
import { SECTIONS } from './schema.js';
import type { ConfigVariable } from './variable.js';

/** What variables say about prometheus.yml. */
export interface VariableSections {
  readonly global: YamlMapping | undefined;
  readonly alerting: YamlMapping | undefined;
  /** In the order of their numbers. Every job has a name. */
  readonly scrapeConfigs: readonly YamlMapping[];
  readonly remoteWrite: readonly YamlMapping[];
  readonly remoteRead: readonly YamlMapping[];
  readonly problems: readonly VariableProblem[];
}

export interface VariableProblem {
  readonly variable: string;
  readonly problem: string;
}

/**
 * Builds the sections of the file. `alertmanagers` are the entries from ARG_ALERTMANAGER_URL; variables
 * may complete them by their number. What has no place is reported and left out.
 */
export function applyVariables(
  variables: readonly ConfigVariable[],
  alertmanagers: readonly YamlMapping[],
): VariableSections {
  const top = mappingNode(SECTIONS);
  const alerting = mappingNode(SECTIONS['alerting']?.type === 'mapping' ? SECTIONS['alerting'].options : {});
  if (alertmanagers.length > 0) {
    presetItems(alerting, 'alertmanagers', alertmanagers);
    top.entries.set('alerting', alerting);
  }
  const problems: VariableProblem[] = [];
  for (const { name, path, value } of variables) {
    const section = /^(.*?)(?:_[0-9]+)?$/.exec(path[0] ?? '')?.[1] ?? '';
    const problem =
      path.length > 1 && Object.hasOwn(SECTIONS, section)
        ? setOption(top, path, value)
        : 'has no place: there is no such section';
    if (problem !== undefined) problems.push({ variable: name, problem });
  }
  const whole = finish(top) ?? {};
  const listed = (section: string, key: string) => identified(whole[section], section, key, problems);
  return {
    global: mappingOf(whole['global']),
    alerting: mappingOf(whole['alerting']),
    scrapeConfigs: listed('scrape_configs', 'job_name'),
    remoteWrite: withoutRepeats(listed('remote_write', 'url'), 'REMOTE_WRITE', problems),
    remoteRead: withoutRepeats(listed('remote_read', 'url'), 'REMOTE_READ', problems),
    problems,
  };
}

function mappingOf(value: unknown): YamlMapping | undefined {
  return isMapping(value) ? value : undefined;
}

/** An entry without its identifying key would make Prometheus reject the whole file. */
function identified(
  list: unknown,
  section: string,
  key: string,
  problems: VariableProblem[],
): readonly YamlMapping[] {
  if (!Array.isArray(list)) return [];
  const entries = list.filter(isMapping);
  const good = entries.filter((entry) => (scalarText(entry[key]) ?? '') !== '');
  if (good.length < entries.length)
    problems.push({
      variable: `${section.toUpperCase()}_N__${key.toUpperCase()}`,
      problem: `is missing for ${entries.length - good.length} of ${entries.length} entries; they are left out`,
    });
  return good;
}

/** promtool lets two equal entries pass, but Prometheus does not start with them. */
function withoutRepeats(
  entries: readonly YamlMapping[],
  section: string,
  problems: VariableProblem[],
): readonly YamlMapping[] {
  const unique = [...new Map(entries.map((entry) => [renderYaml(entry), entry])).values()];
  if (unique.length < entries.length)
    problems.push({
      variable: `${section}_N`,
      problem: `has the same entry more than once; ${entries.length - unique.length} of ${entries.length} are left out`,
    });
  return unique;
}
