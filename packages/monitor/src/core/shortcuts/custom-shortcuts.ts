import { FAILSAFE_SCHEMA, load, mergeTag } from 'js-yaml';
import { z } from 'zod/v3';
import {
  readTemplate,
  struct,
  TemplateError,
  type Template,
  type TemplateValue,
} from '@docker-flow/go-template';
import type { AlertSubject, Expansion, Shortcut } from './shortcut.js';

/** Variables that Prometheus knows in labels and annotations; their actions are left to it. */
const PROMETHEUS_VARIABLES = new Set(['$labels', '$value', '$externalLabels', '$externalURL']);

/** Every scalar stays the text that stands there; `<<` merges, as it always did. */
const SCHEMA = FAILSAFE_SCHEMA.withTags(mergeTag);

/** The forms of YAML's null. */
const nothing = z.enum(['', '~', 'null', 'Null', 'NULL']).transform(() => ({}));
const texts = z.union([nothing, z.record(z.string(), z.string())]).optional();
const definitions = z.record(
  z.string(),
  z.object({ expanded: z.string(), annotations: texts, labels: texts }),
);

/**
 * Reads a file of shortcuts: a YAML mapping from `@name` to `expanded`, `annotations` and `labels`, all of
 * them Go templates. `undefined` when the file is not of that form. A template that does not parse rejects
 * only the alerts that use it.
 */
export function readShortcutFile(text: string, origin: string): readonly Shortcut[] | undefined {
  let yaml: unknown;
  try {
    yaml = load(text, { schema: SCHEMA });
  } catch {
    return undefined;
  }
  const file = definitions.safeParse(yaml);
  if (!file.success) return undefined;
  return Object.entries(file.data).map(([name, { expanded, annotations = {}, labels = {} }]) =>
    customShortcut({ name, origin, expanded, annotations, labels }),
  );
}

interface Definition {
  readonly name: string;
  readonly origin: string;
  readonly expanded: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

function customShortcut(definition: Definition): Shortcut {
  const { name, origin, expanded, annotations, labels } = definition;
  const expression = lazyTemplate(expanded);
  const annotationTemplates = mapValues(annotations, lazyTemplate);
  const labelTemplates = mapValues(labels, lazyTemplate);
  return {
    name,
    origin,
    parameters: [],
    shown: { expression: expanded, summary: annotations['summary'], labels },
    expand(subject, values, form): Expansion {
      try {
        const result = expression().execute(templateData(subject, values, subject.condition));
        // In annotations and labels of a single shortcut, .Alert.AlertIf is already the expression.
        const data = templateData(subject, values, form === 'whole' ? result : subject.condition);
        return {
          ok: true,
          expression: result,
          annotations: mapValues(annotationTemplates, (template) => template().execute(data)),
          labels: mapValues(labelTemplates, (template) => template().execute(data)),
        };
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        return {
          ok: false,
          reason: `the template of the shortcut ${name} (${origin}) fails: ${error.message}`,
        };
      }
    },
  };
}

/** Read at first use, so that a bad template costs only the alerts that use it. */
function lazyTemplate(source: string): () => Template {
  let template: Template | undefined;
  return () => (template ??= readTemplate(source, { foreign: PROMETHEUS_VARIABLES }));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function templateData(subject: AlertSubject, values: readonly string[], alertIf: string): TemplateValue {
  return struct({
    Alert: struct({
      ServiceName: subject.service,
      AlertName: subject.alertName,
      AlertNameFormatted: subject.formattedName,
      AlertIf: alertIf,
      AlertFor: subject.for,
      AlertPersistent: subject.persistent,
      Replicas: subject.replicas,
      AlertLabels: new Map(Object.entries(subject.labels)),
      AlertAnnotations: new Map(Object.entries(subject.annotations)),
    }),
    Values: values,
  });
}
