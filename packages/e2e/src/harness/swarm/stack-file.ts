import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

/** A stack file as far as we ask about it, with its variables filled in. */
export interface StackFile {
  readonly version: string;
  readonly services: Readonly<Record<string, StackService>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly configs?: Readonly<Record<string, { readonly file?: string; readonly name?: string }>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

export interface StackService {
  readonly image: string;
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly ports?: readonly { readonly mode?: string; readonly target: number }[];
  readonly environment?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly unknown[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly deploy?: {
    readonly endpoint_mode?: string;
    readonly replicas?: number;
    readonly mode?: string;
    readonly labels?: readonly string[];
  };
}

const VARIABLE = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])([^}]*))?\}/g;

/**
 * Fills in `${NAME}`, `${NAME:-default}` and `${NAME:?message}` as `docker stack deploy` does; `$$` is a dollar sign.
 *
 * @throws {Error} with the message when a variable that must be set is not
 */
export function fillIn(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(VARIABLE, (whole, name: string | undefined, operator = '', word = '') => {
    if (name === undefined) return '$';
    const value = variables[name];
    const isThere = value !== undefined && !(String(operator).startsWith(':') && value === '');
    if (isThere) return value;
    if (String(operator).endsWith('?')) throw new Error(`${name} ${String(word)} (${whole})`);
    return String(word);
  });
}

/** Reads the text of a stack file. */
export function readStackFile(text: string, variables: Readonly<Record<string, string>> = {}): StackFile {
  return load(fillIn(text, variables), { schema: CORE_SCHEMA.withTags(mergeTag) }) as StackFile;
}

/** Labels of a service as swarm-listener sees them. */
export function labelsOf(service: StackService): Readonly<Record<string, string>> {
  return Object.fromEntries((service.deploy?.labels ?? []).map(splitPair));
}

/** Variables of a service's containers; one without `=` is not there. */
export function environmentOf(service: StackService): Readonly<Record<string, string>> {
  return Object.fromEntries((service.environment ?? []).map(splitPair));
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
