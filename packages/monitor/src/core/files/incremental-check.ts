import { namesFiles } from './check-form.js';
import type {
  AlertingRule,
  PrometheusConfig,
  PrometheusFiles,
  ScrapeConfig,
} from '../services/prometheus-model.js';
import { renderYaml } from '../text/yaml.js';

/** What of a configuration has still to be checked. */
export interface UncheckedFiles {
  /** All other sections with those jobs, rules and targets that were not accepted before. */
  readonly files: PrometheusFiles;
  /** Nothing of it is new. */
  readonly isEmpty: boolean;
  /** To be called when the check has accepted `files`. */
  accept(): void;
}

/**
 * Remembers which jobs and rules a check has accepted, so that a change of one service does not cost a check of
 * a thousand. Rules do not depend on each other, nor do jobs (their names are unique); but jobs depend on the
 * other sections, so all are checked anew when those change. What names files on disk is checked each time,
 * because the files may have changed.
 */
export function createIncrementalCheck(): (
  files: PrometheusFiles,
  targetTexts: ReadonlyMap<string, string>,
) => UncheckedFiles {
  let acceptedSections: string | undefined;
  let accepted = new WeakSet<ScrapeConfig | AlertingRule>();
  const acceptedTargets = new WeakMap<ScrapeConfig, string>();

  return ({ config, rules, targets }, targetTexts) => {
    const { scrape_configs: jobs = [], rule_files, ...others } = config;
    const sections = renderYaml(others);
    const isKnown = (part: ScrapeConfig | AlertingRule) =>
      sections === acceptedSections && accepted.has(part);
    function isKnownJob(job: ScrapeConfig): boolean {
      if (!isKnown(job)) return false;
      const target = targetTexts.get(job.job_name);
      return target === undefined ? !namesFiles(job) : acceptedTargets.get(job) === target;
    }
    const newJobs = jobs.filter((job) => !isKnownJob(job));
    const newNames = new Set(newJobs.map((job) => job.job_name));
    const newGroups = (rules?.groups ?? [])
      .map((group) => ({ ...group, rules: group.rules.filter((rule) => !isKnown(rule)) }))
      .filter((group) => group.rules.length > 0);
    const newConfig: PrometheusConfig = {
      ...others,
      ...(rule_files && newGroups.length > 0 && { rule_files }),
      ...(newJobs.length > 0 && { scrape_configs: newJobs }),
    };
    return {
      files: {
        config: newConfig,
        rules: newGroups.length === 0 ? undefined : { groups: newGroups },
        targets: new Map([...targets].filter(([service]) => newNames.has(service))),
      },
      isEmpty:
        sections === acceptedSections &&
        newJobs.length === 0 &&
        newGroups.length === 0 &&
        !namesFiles(others),
      accept() {
        if (sections !== acceptedSections) accepted = new WeakSet();
        acceptedSections = sections;
        for (const { rules: newRules } of newGroups) for (const rule of newRules) accepted.add(rule);
        for (const job of newJobs) {
          accepted.add(job);
          const target = targetTexts.get(job.job_name);
          if (target !== undefined) acceptedTargets.set(job, target);
        }
      },
    };
  };
}
