import {
  byText,
  decodeQuery,
  readPort,
  type DurationText,
  type Issue,
  type ScrapeLabels,
  type TaskAddress,
} from '@docker-flow/labels';
import type { ScrapeConfig, TargetGroup } from './prometheus-model.js';
import { memoizeByIdentity } from '../text/memoize.js';
import type { YamlMapping } from '../text/yaml.js';

/** How one service is scraped. */
export interface ServiceScrape {
  readonly service: string;
  readonly port: number;
  /** As given; only `static_configs` has a meaning. */
  readonly type: string;
  readonly metricsPath: string | undefined;
  readonly interval: string | undefined;
  readonly timeout: string | undefined;
  readonly tasks: readonly TaskAddress[];
  readonly targetLabels: Readonly<Record<string, string>>;
  /** What is asked of the targets besides: https, a password. */
  readonly client: YamlMapping;
}

/** The scrape settings of a service as far as they could be read; without a port there is no job. */
export type ScrapeSettings = Partial<Omit<ServiceScrape, 'service'>> & { readonly service: string };

export type NodeLabels = Readonly<Record<string, string>>;

/** Directory of the target files as Prometheus sees it. */
export const TARGET_DIRECTORY = '/etc/prometheus/file_sd';

/**
 * A timeout longer than the interval would make Prometheus reject the whole file, so it is left out.
 * Without an interval of its own a service has the global one.
 */
export function fittingTimeout(
  service: string,
  { interval, timeout }: ScrapeLabels,
  globalIntervalMs: number,
): { readonly timeout: DurationText | undefined; readonly warnings: readonly Issue[] } {
  const intervalMs = interval === undefined || interval.ms === 0 ? globalIntervalMs : interval.ms;
  if (!timeout || timeout.ms <= intervalMs) return { timeout, warnings: [] };
  const warning: Issue = {
    service,
    label: 'scrapeTimeout',
    value: timeout.text,
    problem: 'is longer than the scrape interval and is left out',
    expected: `at most ${intervalMs / 1000}s`,
  };
  return { timeout: undefined, warnings: [warning] };
}

/** Where the name itself is the address of a static target, its port is the one that counts. */
export function portWarnings({ type, port }: ScrapeLabels, service: string): readonly Issue[] {
  const named = portInName(service);
  if (type !== 'static_configs' || port === undefined || named === undefined || named === port) return [];
  return [
    {
      service,
      label: 'scrapePort',
      value: String(port),
      problem: `has no effect: the name of the target ends in the port ${named}`,
      expected: String(named),
      kind: 'no-effect',
    },
  ];
}

const configOf = memoizeByIdentity(buildScrapeConfig);

/** The job of one service. With known tasks its targets are in a file, else DNS or a fixed address finds them. */
export function scrapeConfigOf(scrape: ServiceScrape): ScrapeConfig {
  return configOf(scrape);
}

function buildScrapeConfig(scrape: ServiceScrape): ScrapeConfig {
  const { service, port, type, targetLabels } = scrape;
  const settings = {
    job_name: service,
    ...requestOf(scrape.metricsPath ?? (scrape.tasks.length > 0 ? undefined : '/metrics')),
    scrape_interval: scrape.interval,
    scrape_timeout: scrape.timeout,
    ...scrape.client,
  };
  if (scrape.tasks.length > 0)
    return { ...settings, file_sd_configs: [{ files: [targetFilePattern(service)] }] };
  if (type === 'static_configs') {
    const labels = isEmpty(targetLabels) ? undefined : sorted(targetLabels);
    return { ...settings, static_configs: [{ targets: [staticTarget(service, port)], labels }] };
  }
  return {
    ...settings,
    dns_sd_configs: [{ names: [`tasks.${service}`], type: 'A', port }],
    relabel_configs: isEmpty(targetLabels) ? undefined : relabelConfigs(targetLabels),
  };
}

/** Prometheus would send a `?` within the path as `%3F`: what stands behind it are parameters of the request. */
function requestOf(metricsPath: string | undefined) {
  const at = metricsPath?.indexOf('?') ?? -1;
  if (metricsPath === undefined || at < 0) return { metrics_path: metricsPath };
  const params = new Map<string, string[]>();
  for (const [name, value] of decodeQuery(metricsPath.slice(at + 1)))
    params.set(name, [...(params.get(name) ?? []), value]);
  return {
    metrics_path: at === 0 ? '/metrics' : metricsPath.slice(0, at),
    params: params.size === 0 ? undefined : Object.fromEntries(params),
  };
}

/** `host:port`; the name may be an address with its port already, or one of IPv6. */
function staticTarget(service: string, port: number): string {
  return portInName(service) === undefined ? `${hostOf(service)}:${port}` : service;
}

/** The port that a name ends in: `db.acme.com:9100`, `[::1]:9100`. In an address of IPv6 without brackets there is none. */
function portInName(service: string): number | undefined {
  const [, digits = ''] = /^(?:\[[^\]]*\]|[^:[\]]+):([0-9]+)$/.exec(service) ?? [];
  const port = readPort(digits);
  return port.ok ? port.value : undefined;
}

/** DNS discovery knows no labels, so they are put on by relabelling, where `$` has a meaning. */
function relabelConfigs(labels: Readonly<Record<string, string>>): readonly YamlMapping[] {
  return Object.entries(sorted(labels)).map(([target_label, value]) => ({
    target_label,
    replacement: value.replaceAll('$', '$$$$'),
  }));
}

/** Prometheus takes file names as patterns; brackets may stand in the name of a host. */
function targetFilePattern(service: string): string {
  return `${TARGET_DIRECTORY}/${targetFileName(service).replace(/\[/g, '\\[')}`;
}

export function targetFileName(service: string): string {
  return `${service}.json`;
}

interface KnownGroups {
  /** Labels of the node of each task. */
  readonly ofNodes: readonly (NodeLabels | undefined)[];
  readonly groups: readonly TargetGroup[];
}

const knownGroups = new WeakMap<ServiceScrape, KnownGroups>();

/**
 * One group for each task; labels of the node replace others of the same name. The same list while nothing has changed: with
 * 3,000 services of three tasks, making all of them anew took 43 ms of each change, and looking takes 1.
 */
export function targetGroupsOf(
  scrape: ServiceScrape,
  nodes: ReadonlyMap<string, NodeLabels>,
): readonly TargetGroup[] {
  const known = knownGroups.get(scrape);
  const ofNodes = scrape.tasks.map(({ nodeId }) => (nodeId === '' ? undefined : nodes.get(nodeId)));
  if (known && ofNodes.every((labels, i) => labels === known.ofNodes[i])) return known.groups;
  const groups = scrape.tasks.map((task, i) => targetGroup(scrape, task, ofNodes[i] ?? {}));
  knownGroups.set(scrape, { ofNodes, groups });
  return groups;
}

function targetGroup(
  { service, port, targetLabels }: ServiceScrape,
  { nodeName, address }: ServiceScrape['tasks'][number],
  ofNode: NodeLabels,
): TargetGroup {
  const labels = { ...targetLabels, node: nodeName, service, ...ofNode };
  return { targets: [`${hostOf(address)}:${port}`], labels: sorted(labels) };
}

function hostOf(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

function isEmpty(labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(labels).length === 0;
}

function sorted(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).sort(byText(([name]) => name)));
}
