import { codeSpan } from '@docker-flow/labels';
import type { Shortcut } from '@docker-flow/monitor';

/** Shortcuts that belong together, as people look for them. */
export interface ShortcutGroup {
  readonly title: string;
  readonly says: string;
  readonly shortcuts: readonly Shortcut[];
}

const INTRODUCTION = `# Shortcuts

<!-- Written by \`pnpm reference-docs\` from packages/monitor/src/core/shortcuts. Change it there. -->

A shortcut stands in \`com.df.alertIf\` instead of a PromQL expression: \`@name\`, or \`@name:value1,value2\`. It brings the
expression, a summary for people, and metric labels by which Alertmanager finds a receiver. Labels and annotations that the
service gives itself (\`com.df.alertLabels\`, \`com.df.alertAnnotations\`) win over those of the shortcut. Every shortcut sets
\`receiver: system\` and \`service\`, the name of the service.

Below, \`SERVICE\` is the name of the service and \`REPLICAS\` the number of replicas it wants; words in capitals are the values
after the colon, and a value in brackets may be left out. A \`WINDOW\` is a duration such as \`5m\`, a \`SHARE\` a number
between 0 and 1, a \`BOUND\` a bucket bound of the histogram in seconds, written as in its metric label \`le\`.

Shortcuts can be joined: \`@service_mem_limit:0.8_and_@request_rate_above:5m,10\`, with \`_and_\`, \`_or_\` and \`_unless_\`. Summaries
are joined then, too; metric labels have to be given by the service. Shortcuts of your own are
[templates in a secret](../tutorials/running-the-monitor.md#prometheuss-own-configuration).
`;

/** The page of all built-in shortcuts. */
export function renderShortcutsPage(groups: readonly ShortcutGroup[]): string {
  return [INTRODUCTION, ...groups.map(renderGroup)].join('\n');
}

function renderGroup({ title, says, shortcuts }: ShortcutGroup): string {
  return [`## ${title}\n\n${says}\n`, ...shortcuts.map(renderShortcut)].join('\n');
}

function renderShortcut({ name, parameters, shown }: Shortcut): string {
  const values = parameters.map((one) =>
    one.default === undefined ? one.name : `[${one.name}=${one.default}]`,
  );
  const form = values.length === 0 ? name : `${name}:${values.join(',')}`;
  const labels = Object.entries(shown.labels)
    .filter(([label]) => label !== 'receiver' && label !== 'service')
    .map(([label, value]) => codeSpan(`${label}: ${value}`));
  const lines = [
    `### ${codeSpan(form)}`,
    '',
    '```',
    shown.expression,
    '```',
    '',
    `Summary: ${shown.summary ?? '–'}${labels.length === 0 ? '' : `. Metric labels: ${labels.join(', ')}`}`,
    '',
  ];
  return lines.join('\n');
}
