import { CannotRunError } from '../exit-status.js';
import type { Stack } from '../stack/stack.js';
import { programOf, type Program } from './program-images.js';

export type Variables = Readonly<Record<string, string | undefined>>;

/** What each program is told by variables. */
export interface ProgramVariables {
  readonly of: Readonly<Record<Program, Variables>>;
  /** The programs that are in the files. */
  readonly present: ReadonlySet<Program>;
}

/** Families of names that become options of Prometheus. */
const OF_PROMETHEUS = /^(?:GLOBAL|ALERTING|SCRAPE_CONFIGS|REMOTE_WRITE|REMOTE_READ)(?:_\d+)?__?[A-Z]/;
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
  };
  for (const service of stacks.flatMap(({ services }) => services)) {
    const program = programOf(service);
    if (program === undefined) continue;
    if (program === 'monitor' && !present.has(program)) Object.assign(inFiles.monitor, IMAGE_OF_MONITOR);
    present.add(program);
    Object.assign(inFiles[program], Object.fromEntries(service.environment));
  }
  const all = Object.entries(inFiles).map(([program, found]) => [program, { ...found, ...given }]);
  return { of: Object.fromEntries(all) as ProgramVariables['of'], present };
}

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
  const environments = await Promise.all([
    import('@docker-flow/proxy-configurator/config/environment'),
    import('@docker-flow/monitor/config/environment'),
    import('@docker-flow/swarm-listener/config/environment'),
    import('@docker-flow/scaler/config/environment'),
  ]);
  return new Set(environments.flatMap(({ ENVIRONMENT }) => Object.keys(ENVIRONMENT)));
}
