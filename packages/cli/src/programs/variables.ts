import { CannotRunError } from '../exit-status.js';
import type { Stack } from '../stack/stack.js';
import { programOf, type Program } from './program-images.js';

export type Variables = Readonly<Record<string, string | undefined>>;

/** What each program is told by variables. */
export interface ProgramVariables {
  readonly of: Readonly<Record<Program, Variables>>;
  /** The programs that are in the files. */
  readonly present: ReadonlySet<Program>;
  /** What in the files cannot be read, and is left out: a line each. */
  readonly unreadable: readonly string[];
}

/** Families of names that become options of Prometheus. */
const OF_PROMETHEUS = /^(?:GLOBAL|ALERTING|SCRAPE_CONFIGS|REMOTE_WRITE|REMOTE_READ)(?:_\d+)?__?[A-Z]/;
/** Read by a name that another variable gives, or in two parts. */
const BY_OTHERS = ['STATS_USER', 'STATS_PASS', 'STATS_URI', 'RESCHEDULE_FILTER_LABEL'];
/** What the image of the monitor says where nobody else does. */
const IMAGE_OF_MONITOR: Variables = { GLOBAL_SCRAPE_INTERVAL: '10s' };

/**
 * Variables of the programs in the files; those of the command line, `NAME=VALUE`, win.
 *
 * @throws {CannotRunError} naming a setting that no program knows
 */
export async function readVariables(
  stacks: readonly Stack[],
  settings: readonly string[],
): Promise<ProgramVariables> {
  const given = await readSettings(settings);
  const present = new Set<Program>();
  const inFiles: Record<Program, Record<string, string | undefined>> = {
    proxy: {},
    monitor: {},
    'swarm-listener': {},
    scaler: {},
    certificates: {},
  };
  for (const service of stacks.flatMap(({ services }) => services)) {
    const program = programOf(service);
    if (program === undefined) continue;
    if (program === 'monitor' && !present.has(program)) Object.assign(inFiles.monitor, IMAGE_OF_MONITOR);
    present.add(program);
    Object.assign(inFiles[program], Object.fromEntries(service.environment));
  }
  const unreadable: string[] = [];
  const all: [string, Variables][] = [];
  for (const program of Object.keys(inFiles) as Program[]) {
    const readable = await readableVariables(program, inFiles[program]);
    unreadable.push(...readable.left.map((name) => `the variable ${name} of the ${program} cannot be read`));
    all.push([program, { ...readable.kept, ...given }]);
  }
  return { of: Object.fromEntries(all) as ProgramVariables['of'], present, unreadable };
}

/** With a variable that cannot be read a program does not start; its other variables say what labels mean all the same. */
async function readableVariables(
  program: Program,
  found: Variables,
): Promise<{ readonly kept: Variables; readonly left: readonly string[] }> {
  const entries = Object.entries(found);
  if (entries.length === 0) return { kept: found, left: [] };
  const known: Readonly<Record<string, { safeParse(text: unknown): { readonly success: boolean } }>> =
    await ENVIRONMENTS[program]();
  const isReadable = ([name, text]: readonly [string, string | undefined]) =>
    !Object.hasOwn(known, name) || known[name]?.safeParse(text).success !== false;
  return {
    kept: Object.fromEntries(entries.filter(isReadable)),
    left: entries.filter((entry) => !isReadable(entry)).map(([name]) => name),
  };
}

const ENVIRONMENTS = {
  proxy: async () => (await import('@docker-flow/proxy-configurator/config/environment')).ENVIRONMENT,
  monitor: async () => (await import('@docker-flow/monitor/config/environment')).ENVIRONMENT,
  'swarm-listener': async () => (await import('@docker-flow/swarm-listener/config/environment')).ENVIRONMENT,
  scaler: async () => (await import('@docker-flow/scaler/config/environment')).ENVIRONMENT,
  certificates: async () => (await import('@docker-flow/certificates/config/environment')).ENVIRONMENT,
} as const;

async function readSettings(settings: readonly string[]): Promise<Variables> {
  if (settings.length === 0) return {};
  const known = await knownVariables();
  return Object.fromEntries(
    settings.map((setting) => {
      const cut = setting.indexOf('=');
      const name = setting.slice(0, cut);
      if (cut < 1 || !(known.has(name) || OF_PROMETHEUS.test(name)))
        throw new CannotRunError(`--setting ${setting} is not NAME=VALUE of a variable that a program knows`);
      return [name, setting.slice(cut + 1)];
    }),
  );
}

async function knownVariables(): Promise<ReadonlySet<string>> {
  const environments = await Promise.all(Object.values(ENVIRONMENTS).map((load) => load()));
  return new Set([...BY_OTHERS, ...environments.flatMap((environment) => Object.keys(environment))]);
}
