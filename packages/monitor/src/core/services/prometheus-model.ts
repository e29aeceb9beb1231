import type { YamlMapping } from '../text/yaml.js';

/** prometheus.yml. Only sections with content are there. */
export interface PrometheusConfig {
  readonly global?: YamlMapping;
  readonly alerting?: YamlMapping;
  readonly rule_files?: readonly string[];
  readonly scrape_configs?: readonly ScrapeConfig[];
  readonly remote_write?: readonly YamlMapping[];
  readonly remote_read?: readonly YamlMapping[];
}

/** One scrape job; options the product does not know pass through. */
export type ScrapeConfig = YamlMapping & { readonly job_name: string };

/** One rule of a rule file that fires alerts. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly AlertingRule[];
}

export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

/** One item of a file_sd target file. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Everything Prometheus reads: the configuration, its rule file, and target files by service name. */
export interface PrometheusFiles {
  readonly config: PrometheusConfig;
  /** `undefined` when there is no alert. */
  readonly rules: RuleFile | undefined;
  readonly targets: ReadonlyMap<string, readonly TargetGroup[]>;
}
