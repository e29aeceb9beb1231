import type {
  AlertingRule,
  PrometheusConfig,
  PrometheusFiles,
  RuleFile,
  ScrapeConfig,
  TargetGroup,
} from '../services/prometheus-model.js';
import { holdsSecrets } from './holds-secrets.js';
import { memoizeByIdentity } from '../text/memoize.js';
import { renderListItem, renderYaml, type YamlMapping } from '../text/yaml.js';

/** The texts of all generated files. Same state, same bytes. */
export interface RenderedFiles {
  readonly config: string;
  /** Whether passwords stand in it; absent: none do. */
  readonly isSecret?: boolean;
  /** `undefined` when there is no alert. */
  readonly rules: string | undefined;
  /** By service name. */
  readonly targets: ReadonlyMap<string, string>;
}

export function renderFiles({ config, rules, targets }: PrometheusFiles): RenderedFiles {
  return {
    config: renderConfig(config),
    isSecret: isSecret(config),
    rules: rules && renderRules(rules),
    targets: new Map([...targets].map(([service, groups]) => [service, renderTargets(groups)])),
  };
}

// Most jobs and rules are the same as in the run before.
const jobText = memoizeByIdentity((job: ScrapeConfig) => renderListItem(job, ''));
const ruleText = memoizeByIdentity((rule: AlertingRule) =>
  renderListItem(rule as unknown as YamlMapping, '  '),
);

const renderTargets = memoizeByIdentity(
  (groups: readonly TargetGroup[]) => `${JSON.stringify(groups, undefined, 1)}\n`,
);

const isSecretJob = memoizeByIdentity((job: ScrapeConfig) => holdsSecrets(job));

function isSecret({ scrape_configs: jobs = [], ...others }: PrometheusConfig): boolean {
  return holdsSecrets(others) || jobs.some(isSecretJob);
}

/** prometheus.yml. */
export function renderConfig({ scrape_configs: jobs = [], ...others }: PrometheusConfig): string {
  const { remote_write, remote_read, ...first } = others;
  const text = (sections: PrometheusConfig) =>
    Object.values(sections).some((section) => section !== undefined)
      ? renderYaml(sections as YamlMapping)
      : '';
  const jobTexts = jobs.length === 0 ? '' : `scrape_configs:\n${jobs.map(jobText).join('')}`;
  const last = { ...(remote_write && { remote_write }), ...(remote_read && { remote_read }) };
  return text(first) + jobTexts + text(last) || renderYaml({});
}

/** A rule file. */
export function renderRules({ groups }: RuleFile): string {
  const texts = groups.map(({ name, rules }) => {
    const head = renderListItem({ name }, '');
    return `${head}  rules:\n${rules.map(ruleText).join('')}`;
  });
  return `groups:\n${texts.join('')}`;
}

/** How much there is to read, in characters. */
export function charactersOf({ config, rules, targets }: RenderedFiles): number {
  return [rules ?? '', ...targets.values()].reduce((sum, text) => sum + text.length, config.length);
}

export function sameFiles(a: RenderedFiles, b: RenderedFiles): boolean {
  return (
    a.config === b.config &&
    a.rules === b.rules &&
    a.targets.size === b.targets.size &&
    [...a.targets].every(([service, text]) => b.targets.get(service) === text)
  );
}
