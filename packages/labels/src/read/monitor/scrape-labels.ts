import { MONITOR_LABELS as LABELS } from '../../catalogue/monitor.js';
import type { Label } from '../../catalogue/label.js';
import type { DurationText } from '../../catalogue/types/duration.js';
import type { TaskAddress } from '../../catalogue/types/node-info.js';
import type { Parameters } from '../../wire/notification.js';
import type { MonitorReader } from './monitor-reader.js';
import { pickTargetLabels } from './target-labels.js';

/** How one service wants to be scraped. */
export interface ScrapeLabels {
  /** `undefined`: not at all. */
  readonly port: number | undefined;
  /** As given, empty when absent; only `static_configs` has a meaning. */
  readonly type: string;
  readonly metricsPath: string | undefined;
  readonly interval: DurationText | undefined;
  readonly timeout: DurationText | undefined;
  readonly scheme: 'http' | 'https' | undefined;
  /** Names of secrets without their prefixes. */
  readonly usersSecret: string | undefined;
  readonly bearerSecret: string | undefined;
  readonly caSecret: string | undefined;
  readonly serverName: string | undefined;
  readonly skipVerify: boolean;
  /** Running tasks; empty when they are to be found through DNS. */
  readonly tasks: readonly TaskAddress[];
  /** Labels for every target, from the service's own parameters. */
  readonly targetLabels: Readonly<Record<string, string>>;
}

/** The port may stand in the name of the service. */
const STATIC = 'static_configs';

const ABOUT_SCRAPING: readonly Label[] = [
  LABELS.metricsPath,
  LABELS.scrapeInterval,
  LABELS.scrapeTimeout,
  LABELS.scrapeScheme,
  LABELS.scrapeUsersSecret,
  LABELS.scrapeBearerSecret,
  LABELS.scrapeCaSecret,
  LABELS.scrapeServerName,
  LABELS.scrapeSkipVerify,
];

/** Reads the scrape parameters of one service; `listed` names the parameters that become target labels. */
export function readScrapeLabels(
  reader: MonitorReader,
  parameters: Parameters,
  listed: readonly string[],
): ScrapeLabels {
  const type = readType(reader);
  if (type !== STATIC) tellOfNoPort(reader, parameters);
  return {
    port: reader.read(LABELS.scrapePort),
    type,
    metricsPath: reader.read(LABELS.metricsPath),
    interval: reader.read(LABELS.scrapeInterval),
    timeout: reader.read(LABELS.scrapeTimeout),
    scheme: reader.read(LABELS.scrapeScheme),
    usersSecret: reader.read(LABELS.scrapeUsersSecret),
    bearerSecret: reader.read(LABELS.scrapeBearerSecret),
    caSecret: reader.read(LABELS.scrapeCaSecret),
    serverName: reader.read(LABELS.scrapeServerName),
    skipVerify: reader.read(LABELS.scrapeSkipVerify) ?? false,
    tasks: reader.read(LABELS.nodeInfo) ?? [],
    targetLabels: pickTargetLabels(parameters, listed),
  };
}

/** Without `scrapePort` nothing is scraped, whatever else is said about it: told once, at the first of these. */
function tellOfNoPort(reader: MonitorReader, parameters: Parameters): void {
  const isThere = ({ name }: Label) => (parameters[name] ?? '') !== '';
  if (isThere(LABELS.scrapePort)) return;
  const first = ABOUT_SCRAPING.find(isThere);
  if (first)
    reader.warn(first, undefined, {
      problem: 'has no effect: without scrapePort the service is not scraped',
      expected: 'scrapePort',
      kind: 'no-effect',
    });
}

/** Anything but `static_configs` means DNS, as it always did; who wrote something else is told. */
function readType(reader: MonitorReader): string {
  const type = reader.read(LABELS.scrapeType) ?? '';
  if (!['', STATIC, 'dns_sd_configs'].includes(type))
    reader.warn(LABELS.scrapeType, undefined, {
      problem: 'is not a type, and the tasks are found through DNS',
      expected: 'static_configs or dns_sd_configs',
      kind: 'no-effect',
    });
  return type;
}
