import { byText, compareBytes } from '@docker-flow/labels';
/** Where the configuration lies unless a variable says otherwise. */
export const DEFAULT_CONFIG_FILE = '/etc/prometheus/prometheus.yml';

/** What the image sets; a variable with this value was not chosen by a user. */
const IMAGE_DEFAULTS: Readonly<Record<string, string>> = { ARG_STORAGE_TSDB_PATH: '/prometheus' };

/** Flags of Prometheus 1 and short-lived ones, with the name they have today. */
const RENAMED: Readonly<Record<string, string>> = {
  'web.enable-remote-shutdown': 'web.enable-lifecycle',
  'storage.local.path': 'storage.tsdb.path',
  'storage.local.retention': 'storage.tsdb.retention.time',
  'storage.tsdb.retention': 'storage.tsdb.retention.time',
  'query.staleness-delta': 'query.lookback-delta',
};

/** Flags that no current server accepts. */
const GONE = new Set([
  'storage.tsdb.no-lockfile',
  'storage.tsdb.allow-overlapping-blocks',
  'alertmanager.timeout',
]);

export interface Flag {
  readonly name: string;
  /** Empty for a bare flag. */
  readonly value: string;
}

export interface Flags {
  /** One for each name, sorted by name. */
  readonly flags: readonly Flag[];
  readonly warnings: readonly string[];
}

interface Candidate extends Flag {
  readonly variable: string;
  /** 0: the current name, set by a user; then old names, the newest first; last the default of the image. */
  readonly rank: number;
}

/** The command line of Prometheus from the `ARG_` variables. */
export function flagsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): Flags {
  const chosen = new Map<string, Candidate>();
  const warnings: string[] = [];
  for (const variable of Object.keys(environment).sort(compareBytes)) {
    const candidate = readVariable(variable, environment[variable] ?? '');
    if (!candidate) continue;
    if (GONE.has(candidate.name)) {
      warnings.push(`${variable} is dropped: Prometheus has no flag --${candidate.name} any more`);
      continue;
    }
    const other = chosen.get(candidate.name);
    if (!other || candidate.rank < other.rank) chosen.set(candidate.name, candidate);
  }
  const configFile = chosen.get('config.file');
  if (!configFile || configFile.value === '')
    chosen.set('config.file', {
      name: 'config.file',
      value: DEFAULT_CONFIG_FILE,
      variable: 'ARG_CONFIG_FILE',
      rank: 0,
    });
  const flags = [...chosen.values()]
    .map(({ name, value }) => ({ name, value }))
    .sort(byText(({ name }) => name));
  return { flags, warnings };
}

function readVariable(variable: string, value: string): Candidate | undefined {
  if (!variable.startsWith('ARG_') || variable === 'ARG_') return undefined;
  const given = variable.slice('ARG_'.length).toLowerCase().replaceAll('_', '.');
  // The second one names the file that holds the first.
  if (given === 'alertmanager.url' || given === 'alertmanager.url.file') return undefined;
  if (given === 'web.enable-remote-shutdown' && value !== 'true') return undefined;
  const name = RENAMED[given] ?? given;
  const old = Object.keys(RENAMED).indexOf(given);
  const rank = name === given ? (IMAGE_DEFAULTS[variable] === value ? 1_000 : 0) : 100 - old;
  return { name, value, variable, rank };
}

/**
 * The arguments of the process. Prometheus rejects `--flag=true`, so `true` gives the bare flag and
 * `false` the `--no-` form, which its flag library understands for every boolean.
 */
export function formatFlags(flags: readonly Flag[]): readonly string[] {
  return flags.map(({ name, value }) => {
    if (value === '' || value === 'true') return `--${name}`;
    return value === 'false' ? `--no-${name}` : `--${name}=${value}`;
  });
}

/** The value of one flag; empty for a bare one, `undefined` without it. */
export function flagValue(flags: readonly Flag[], name: string): string | undefined {
  return flags.find((flag) => flag.name === name)?.value;
}
