import { namesFiles } from './check-form.js';
import { jobShape, ruleShape } from './check-shape.js';
import type {
  AlertingRule,
  PrometheusConfig,
  PrometheusFiles,
  ScrapeConfig,
} from '../services/prometheus-model.js';
import { memoizeByIdentity } from '../text/memoize.js';
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

/** Services of more kinds than that are checked anew now and then. */
const MOST_SHAPES = 5_000;

// Most jobs are the same as in the run before.
const jobNamesFiles = memoizeByIdentity((job: ScrapeConfig) => namesFiles(job));

/**
 * Remembers which jobs and rules a check has accepted, so that a change of one service does not cost a check of
 * a thousand, nor one that is like a thousand others a check at all (see check-shape.ts). Rules do not depend on each other, nor do jobs (their names are unique); but jobs depend on the
 * other sections, so all are checked anew when those change. What names files on disk is checked each time,
 * because the files may have changed.
 */
export function createIncrementalCheck(): (
  files: PrometheusFiles,
  targetTexts: ReadonlyMap<string, string>,
) => UncheckedFiles {
  let acceptedSections: string | undefined;
  let accepted = new WeakSet<ScrapeConfig | AlertingRule>();
  let acceptedTargets = new WeakMap<ScrapeConfig, string>();
  const acceptedShapes = new Set<string>();

  return ({ config, rules, targets }, targetTexts) => {
    const { scrape_configs: jobs = [], rule_files, ...others } = config;
    const sections = renderYaml(others);
    const areSectionsKnown = sections === acceptedSections;
    const isKnownShape = (shape: string | undefined) => shape !== undefined && acceptedShapes.has(shape);
    function isKnownRule(rule: AlertingRule): boolean {
      if (!areSectionsKnown) return false;
      if (!accepted.has(rule) && isKnownShape(ruleShape(rule))) accepted.add(rule);
      return accepted.has(rule);
    }
    const shapeOfJob = (job: ScrapeConfig) => jobShape(job, targets.get(job.job_name));
    function isKnownJob(job: ScrapeConfig): boolean {
      if (!areSectionsKnown) return false;
      const target = targetTexts.get(job.job_name);
      const isKnown =
        accepted.has(job) &&
        (target === undefined ? !jobNamesFiles(job) : acceptedTargets.get(job) === target);
      if (isKnown || !isKnownShape(shapeOfJob(job))) return isKnown;
      rememberJob(job, target);
      return true;
    }
    function rememberJob(job: ScrapeConfig, target: string | undefined): void {
      accepted.add(job);
      if (target !== undefined) acceptedTargets.set(job, target);
    }
    const newJobs = jobs.filter((job) => !isKnownJob(job));
    const newNames = new Set(newJobs.map((job) => job.job_name));
    const newGroups = (rules?.groups ?? [])
      .map((group) => ({ ...group, rules: group.rules.filter((rule) => !isKnownRule(rule)) }))
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
      isEmpty: areSectionsKnown && newJobs.length === 0 && newGroups.length === 0 && !namesFiles(others),
      accept() {
        if (!areSectionsKnown) {
          accepted = new WeakSet();
          acceptedTargets = new WeakMap();
          acceptedShapes.clear();
        }
        acceptedSections = sections;
        if (acceptedShapes.size > MOST_SHAPES) acceptedShapes.clear();
        const newRules = newGroups.flatMap((group) => group.rules);
        for (const rule of newRules) accepted.add(rule);
        for (const job of newJobs) rememberJob(job, targetTexts.get(job.job_name));
        for (const shape of [...newRules.map(ruleShape), ...newJobs.map(shapeOfJob)])
          if (shape !== undefined) acceptedShapes.add(shape);
      },
    };
  };
}
