import type { Issue } from '@docker-flow/labels';

interface AlertToRead {
  readonly service: string;
  /** The label that the metric labels come from, with its number. */
  readonly label: string;
  readonly expression: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Makes labels of its series out of texts: `label_replace(up, "scale", "up", "", "")`. */
const MAKES_LABELS = /\b(?:label_replace|label_join|count_values)\b/i;

/**
 * The metric labels of an alert that may scale something: it may name no service but its own, or whoever may deploy
 * a service could scale all others. `scale` counts when it is `up` or `down`, or a template or an expression that may
 * become one of them.
 */
export function withOwnService({ service, label, expression, labels }: AlertToRead): {
  readonly labels: Readonly<Record<string, string>>;
  readonly issue: Issue | undefined;
} {
  const { scale, service: named } = labels;
  const mayScale =
    scale === undefined
      ? MAKES_LABELS.test(expression)
      : scale === 'up' || scale === 'down' || scale.includes('{{');
  if (!mayScale || named === service) return { labels, issue: undefined };
  const issue: Issue = {
    service,
    label,
    value: `service=${named ?? ''}`,
    problem: 'names another service in an alert that may scale it, and is replaced by its own',
    expected: `service=${service}`,
    kind: 'no-effect',
  };
  return { labels: { ...labels, service }, issue: named === undefined ? undefined : issue };
}
