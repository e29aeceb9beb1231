import { expectedInstead } from './shortcut-values.js';
import type { AlertSubject, Expansion, Shortcut, ShortcutParameter } from './shortcut.js';

/** What a built-in expression is made of: service S, replicas R and the values in the order of the parameters. */
export interface Words {
  readonly s: string;
  readonly r: string | number;
  readonly v: readonly string[];
}

export interface BuiltIn {
  readonly name: string;
  readonly parameters: readonly ShortcutParameter[];
  /** Beside `receiver: system` and `service: S`. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly expression: (words: Words) => string;
  readonly summary: (words: Words) => string;
}

/** The shortcut of a built-in definition. */
export function builtInShortcut(definition: BuiltIn): Shortcut {
  const { name, parameters, labels = {} } = definition;
  const labelsFor = (service: string) => ({ receiver: 'system', service, ...labels });
  const templateWords: Words = {
    s: 'SERVICE',
    r: 'REPLICAS',
    v: parameters.map((parameter) => parameter.name),
  };
  return {
    name,
    origin: 'built-in',
    parameters,
    shown: {
      expression: definition.expression(templateWords),
      summary: definition.summary(templateWords),
      labels: labelsFor('SERVICE'),
    },
    expand({ service, replicas }: AlertSubject, values): Expansion {
      const missing = parameters.filter((one, i) => isBlank(values[i]) && one.default === undefined);
      if (missing.length > 0) return { ok: false, reason: missingReason(name, parameters, missing) };
      const wrong = wrongValues(parameters, values);
      if (wrong !== '')
        return {
          ok: false,
          reason: `the shortcut ${name} has ${wrong}; expected ${formOf(name, parameters)}`,
        };
      const v = parameters.map((one, i) => (isBlank(values[i]) ? (one.default ?? '') : (values[i] ?? '')));
      const words = { s: service, r: replicas, v };
      const unusedValues = values.slice(parameters.length).filter((value) => !isBlank(value));
      return {
        ok: true,
        expression: definition.expression(words),
        annotations: { summary: definition.summary(words) },
        labels: labelsFor(service),
        ...(unusedValues.length === 0 ? {} : { unusedValues }),
      };
    },
  };
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

/** `BOUND="100ms", which is not a number of seconds …`; empty when all values are right. */
function wrongValues(parameters: readonly ShortcutParameter[], values: readonly string[]): string {
  return parameters
    .flatMap(({ name }, i) => {
      const value = values[i];
      if (value === undefined || isBlank(value)) return [];
      const expected = expectedInstead(name, value);
      return expected === undefined ? [] : [`${name}=${JSON.stringify(value)}, which is not ${expected}`];
    })
    .join(' and ');
}

function formOf(name: string, parameters: readonly ShortcutParameter[]): string {
  const form = parameters.map((one) => (one.default === undefined ? one.name : `[${one.name}]`)).join(',');
  return `${name}:${form}`;
}

function missingReason(
  name: string,
  parameters: readonly ShortcutParameter[],
  missing: readonly ShortcutParameter[],
): string {
  return `the shortcut ${name} lacks ${missing.map((one) => one.name).join(', ')}; expected ${formOf(name, parameters)}`;
}
