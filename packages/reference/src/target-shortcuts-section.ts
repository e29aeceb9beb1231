import { codeSpan } from '@docker-flow/labels';
import type { ShownTargetShortcut } from '@docker-flow/scaler';

const INTRODUCTION = `## Targets of the scaler

These stand in \`com.df.scaleOn\`, with what they are to be kept at in \`com.df.scaleTarget\`
(see [Scaling on a target](../tutorials/scaling-on-a-target.md)). The scaler asks for all services at once, so the expressions
name none; \`GET /v1/metrics-shortcuts\` of the scaler shows them, too. A \`RANGE\` is a duration from 1s to 1h, 1m unless given; a
\`QUANTILE\` a number between 0 and 1.
`;

/** The part of the page of shortcuts that is about scaling on targets. */
export function renderTargetShortcuts(shortcuts: readonly ShownTargetShortcut[]): string {
  return [INTRODUCTION, ...shortcuts.map(renderShortcut)].join('\n');
}

function renderShortcut(shortcut: ShownTargetShortcut): string {
  const { form, description, unit, takesPercent, targetType, expressions } = shortcut;
  const target = takesPercent
    ? `A percentage of the reservation, or ${unit} for each task.`
    : `A target is in ${unit}, ${targetType === 'total' ? 'for the service as a whole' : 'for each task'}.`;
  return [
    `### ${codeSpan(form)}`,
    '',
    ...expressions.flatMap((expression) => ['```', expression, '```', '']),
    `${description.charAt(0).toUpperCase()}${description.slice(1)}. ${target}`,
    '',
  ].join('\n');
}
