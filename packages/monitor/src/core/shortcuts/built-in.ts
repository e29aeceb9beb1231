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
      const v = parameters.map((one, i) => (isBlank(values[i]) ? (one.default ?? '') : (values[i] ?? '')));
      const words = { s: service, r: replicas, v };
      return {
        ok: true,
        expression: definition.expression(words),
        annotations: { summary: definition.summary(words) },
        labels: labelsFor(service),
      };
    },
  };
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

function missingReason(
  name: string,
  parameters: readonly ShortcutParameter[],
  missing: readonly ShortcutParameter[],
): string {
  const form = parameters.map((one) => (one.default === undefined ? one.name : `[${one.name}]`)).join(',');
  return `the shortcut ${name} lacks ${missing.map((one) => one.name).join(', ')}; expected ${name}:${form}`;
}
