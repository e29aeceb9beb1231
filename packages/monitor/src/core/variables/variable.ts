import { compareBytes } from '@docker-flow/labels';
/** One variable of the environment that says something about prometheus.yml. */
export interface ConfigVariable {
  /** As the user wrote it. */
  readonly name: string;
  /** Keys from the top of the file: `['remote_write_1', 'url']`. */
  readonly path: readonly string[];
  readonly value: string;
  /** Written with the single underscores of old. */
  readonly old: boolean;
}

const PREFIXES = ['GLOBAL_', 'ALERTING_', 'SCRAPE_CONFIGS_', 'REMOTE_WRITE_', 'REMOTE_READ_'];

/**
 * The variables that belong into the file, in the order in which they are applied: old names before new
 * ones, so that the new name of an option wins; then identifying keys first, then by name.
 */
export function configVariables(
  environment: Readonly<Record<string, string | undefined>>,
): readonly ConfigVariable[] {
  return Object.entries(environment)
    .flatMap(([name, value]) =>
      value !== undefined && PREFIXES.some((prefix) => name.startsWith(prefix))
        ? [readVariable(name, value)]
        : [],
    )
    .sort(byPrecedence);
}

function readVariable(name: string, value: string): ConfigVariable {
  const renamed = name.includes('__') ? { name, value } : modernName(name, value);
  return {
    name,
    path: renamed.name.toLowerCase().split('__'),
    value: renamed.value,
    old: renamed.name !== name,
  };
}

/** `GLOBAL_X` → `GLOBAL__X`, `REMOTE_WRITE_X` → `REMOTE_WRITE_1__X`; labels behind a dash become values. */
function modernName(name: string, value: string): { readonly name: string; readonly value: string } {
  const modern = name.replace(/^GLOBAL_/, 'GLOBAL__').replace(/^(REMOTE_WRITE|REMOTE_READ)_/, '$1_1__');
  const [key, label, ...more] = modern.split('-');
  if (
    key !== undefined &&
    key.startsWith('GLOBAL__EXTERNAL_LABELS') &&
    label !== undefined &&
    more.length === 0
  )
    return { name: 'GLOBAL__EXTERNAL_LABELS', value: `${label.toLowerCase()}=${value}` };
  return { name: modern, value };
}

/** Keys without which an entry is nothing; applied first, so that a bad option beside them is found out alone. */
const IDENTIFYING = new Set(['job_name', 'url']);

function byPrecedence(a: ConfigVariable, b: ConfigVariable): number {
  return (
    Number(b.old) - Number(a.old) ||
    Number(IDENTIFYING.has(b.path.at(-1) ?? '')) - Number(IDENTIFYING.has(a.path.at(-1) ?? '')) ||
    compareBytes(a.name, b.name)
  );
}
