import { compareBytes } from '@docker-flow/labels';
import { alertingRule, type Alert } from '../services/alert.js';
import { alertmanagersFromUrls } from './alertmanagers.js';
import type {
  PrometheusConfig,
  PrometheusFiles,
  RuleFile,
  ScrapeConfig,
} from '../services/prometheus-model.js';
import type { ScrapeFile } from './scrape-file.js';
import { scrapeConfigOf, targetGroupsOf, type ServiceScrape } from '../services/service-scrape.js';
import { alertsInForce, type MonitorState } from '../services/monitor-state.js';
import { applyVariables } from '../variables/apply-variables.js';
import type { ConfigVariable } from '../variables/variable.js';
import { memoizeByIdentity } from '../text/memoize.js';
import { isMapping, renderYaml, scalarText, type YamlMapping } from '../text/yaml.js';

/** Name of the rule file; it lies in the directory of the configuration file. */
export const RULE_FILE = 'alert.rules';

export interface BuildInput {
  readonly state: MonitorState;
  /** By file name, in the order of the names. */
  readonly scrapeFiles: readonly { readonly name: string; readonly file: ScrapeFile }[];
  readonly variables: readonly ConfigVariable[];
  /** The value of ARG_ALERTMANAGER_URL. */
  readonly alertmanagerUrls: string;
  /** Prometheus 3 replaces `$NAME` in external labels, so a `$` is doubled for it. */
  readonly expandsExternalLabels: boolean;
}

/**
 * Where a part of the configuration comes from. Parts are rejected one by one:
 * `alert SERVICE NAME`, `service SERVICE`, `scrape file NAME JOB`, `variable NAME`.
 */
export type PartName = string;

const VARIABLE = 'variable ';

export function alertPart(service: string, formattedName: string): PartName {
  return `alert ${service} ${formattedName}`;
}
export function servicePart(service: string): PartName {
  return `service ${service}`;
}
// Most of them are the same as in the run before, and so are their names.
const nameOfAlert = memoizeByIdentity((alert: Alert) => alertPart(alert.service, alert.formattedName));
const nameOfScrape = memoizeByIdentity((scrape: ServiceScrape) => servicePart(scrape.service));

export function scrapeFilePart(file: string, job: string): PartName {
  return `scrape file ${file} ${job}`;
}
export function variablePart(variable: string): PartName {
  return `${VARIABLE}${variable}`;
}

/** The rejected variables of the operator, in words: what they lack is nobody else's fault. */
export function variableRejections(rejectedParts: ReadonlyMap<PartName, string>): readonly string[] {
  return [...rejectedParts].flatMap(([part, reason]) =>
    part.startsWith(VARIABLE) ? [`the variable ${part.slice(VARIABLE.length)} is rejected: ${reason}`] : [],
  );
}

/** What a part says; the same value means that nothing has changed. */
export type PartContent = unknown;

export interface Built {
  readonly files: PrometheusFiles;
  /** Every part that is in the files: variables first, those with identifying keys before the others; services last. */
  readonly parts: ReadonlyMap<PartName, PartContent>;
  /** Every part that would be in the files if it were not rejected. */
  readonly rejected: ReadonlySet<PartName>;
  /** By service: why its job is not in the files, because the operator has one of its name. */
  readonly displaced: ReadonlyMap<string, string>;
  /** What of files and variables is not in force, in words. */
  readonly problems: readonly string[];
}

type Take = (part: PartName, content: PartContent) => boolean;

/** Everything Prometheus reads, from everything the monitor knows, without the parts that are rejected. */
export function buildPrometheusFiles(input: BuildInput, isRejected: Take = () => false): Built {
  const parts = new Map<PartName, PartContent>();
  const rejected = new Set<PartName>();
  const take: Take = (part, content) => {
    if (isRejected(part, content)) {
      rejected.add(part);
      return false;
    }
    parts.set(part, content);
    return true;
  };
  const variables = input.variables.filter(({ name, value }) => take(variablePart(name), value));
  const alertmanagers = alertmanagersFromUrls(input.alertmanagerUrls);
  const sections = applyVariables(variables, alertmanagers.entries);
  const problems = [
    ...alertmanagers.unreadable.map(
      (text) => `ARG_ALERTMANAGER_URL: ${JSON.stringify(text)} is not an address`,
    ),
    ...sections.problems.map(({ variable, problem }) => `variable ${variable} ${problem}`),
  ];
  const { jobs, scrapes, displaced } = uniqueJobs(input, sections.scrapeConfigs, take, problems);
  const rules = buildRules(input.state, take);
  const config: PrometheusConfig = dropEmpty({
    global: externalLabels(sections.global, input.expandsExternalLabels),
    alerting: sections.alerting,
    rule_files: rules && [RULE_FILE],
    scrape_configs: jobs.length === 0 ? undefined : jobs,
    remote_write: sections.remoteWrite.length === 0 ? undefined : sections.remoteWrite,
    remote_read: sections.remoteRead.length === 0 ? undefined : sections.remoteRead,
  });
  const targets = scrapes
    .filter(({ tasks }) => tasks.length > 0)
    .map((scrape) => [scrape.service, targetGroupsOf(scrape, input.state.nodes)] as const);
  return { files: { config, rules, targets: new Map(targets) }, parts, rejected, displaced, problems };
}

function scrapesByName({ services }: MonitorState): readonly ServiceScrape[] {
  return [...services.values()]
    .flatMap(({ scrape }) => (scrape ? [scrape] : []))
    .sort((a, b) => compareBytes(a.service, b.service));
}

interface Jobs {
  readonly jobs: readonly ScrapeConfig[];
  /** The services whose jobs are among them. */
  readonly scrapes: readonly ServiceScrape[];
  /** Why the job of a service is not among them, by service: the operator has one of its name. */
  readonly displaced: ReadonlyMap<string, string>;
}

/**
 * Services found through DNS or an address, scrape files, services with known tasks, variables. Names are unique,
 * or Prometheus would reject the file: files go before variables, both before services, so that no service takes
 * the job of the operator. A name stays the operator's even when that job is rejected.
 */
function uniqueJobs(
  input: BuildInput,
  fromVariables: readonly YamlMapping[],
  take: Take,
  problems: string[],
): Jobs {
  /** By name: whose it is. */
  const owners = new Map<string, string>();
  const isNew = (name: string, owner: string): boolean => {
    const other = owners.get(name);
    if (other === undefined) owners.set(name, owner);
    else problems.push(`the job ${name} of ${owner} is skipped: ${other} has one of that name`);
    return other === undefined;
  };
  const fromFiles = input.scrapeFiles.flatMap(({ name, file }) => {
    problems.push(...file.problems.map((problem) => `scrape file ${name}: ${problem}`));
    return file.jobs.filter(
      (job) =>
        isNew(job.job_name, `the scrape file ${name}`) &&
        take(scrapeFilePart(name, job.job_name), renderYaml(job)),
    );
  });
  const own = fromVariables
    .map((job): ScrapeConfig => {
      const { job_name: name, ...options } = job;
      return { job_name: scalarText(name) ?? '', ...options };
    })
    .filter((job) => isNew(job.job_name, 'the environment'));
  const displaced = new Map<string, string>();
  const scrapes = scrapesByName(input.state).filter((scrape) => {
    const owner = owners.get(scrape.service);
    if (owner === undefined) return take(nameOfScrape(scrape), scrape);
    displaced.set(scrape.service, `${owner} has a job of this name`);
    return false;
  });
  const jobs = [
    ...scrapes.filter(({ tasks }) => tasks.length === 0).map((scrape) => scrapeConfigOf(scrape)),
    ...fromFiles,
    ...scrapes.filter(({ tasks }) => tasks.length > 0).map((scrape) => scrapeConfigOf(scrape)),
    ...own,
  ];
  return { jobs, scrapes, displaced };
}

function buildRules({ services }: MonitorState, take: Take): RuleFile | undefined {
  const alerts = [...services.values()]
    .flatMap(alertsInForce)
    .filter((alert) => take(nameOfAlert(alert), alert))
    .sort((a, b) => compareBytes(a.formattedName, b.formattedName) || compareBytes(a.service, b.service));
  return alerts.length === 0 ? undefined : { groups: [{ name: RULE_FILE, rules: alerts.map(alertingRule) }] };
}

function externalLabels(global: YamlMapping | undefined, expands: boolean): YamlMapping | undefined {
  const labels = global?.['external_labels'];
  if (!expands || !isMapping(labels)) return global;
  const doubled = Object.entries(labels).map(([name, value]) => [
    name,
    (scalarText(value) ?? '').replaceAll('$', '$$$$'),
  ]);
  return { ...global, external_labels: Object.fromEntries(doubled) as YamlMapping };
}

function dropEmpty(sections: {
  readonly [key in keyof PrometheusConfig]: PrometheusConfig[key] | undefined;
}): PrometheusConfig {
  return Object.fromEntries(Object.entries(sections).filter(([, value]) => value !== undefined));
}
