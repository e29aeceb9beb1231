import type { Placed } from '../yaml/placed.js';
import { interpolate } from './interpolate.js';
import type { StackProblem } from './problem.js';
import type { StackLabel } from './stack.js';

/** Where a label stands, and what its variables are. */
export interface LabelContext {
  readonly service: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One label as Docker would take it, if it takes it, and what is wrong with it. */
export interface OneLabel {
  readonly label?: StackLabel;
  readonly problems: readonly StackProblem[];
}

/** Fills variables into the value of one label. */
export function fillLabel(
  label: Omit<StackLabel, 'value' | 'unset'>,
  { service, environment }: LabelContext,
): OneLabel {
  const { text, unset, invalid, missing } = interpolate(label.written, environment);
  const at = { severity: 'error', place: label.place, service, label: label.name } as const;
  if (invalid !== undefined)
    return {
      problems: [
        {
          ...at,
          code: 'DF505',
          message: `"${label.name}": Docker cannot fill in the variable that begins with a dollar sign`,
          expected: '$$ for a dollar sign that belongs to the value',
        },
      ],
    };
  if (missing)
    return {
      problems: [
        {
          ...at,
          code: 'DF508',
          message: `"${label.name}" needs the variable ${missing.name}: ${missing.message || 'it is not set'}`,
        },
      ],
    };
  return { label: { ...label, value: text, unset }, problems: [] };
}

/** A label as its suggestion would have it, so that no consequence is told beside its cause. */
export function mendedLabel(
  name: string,
  node: Placed,
  text: string,
  form: StackLabel['form'],
): { readonly label: StackLabel } {
  return {
    label: { name, value: text, written: text, unset: [], place: node.place, valuePlace: node.place, form },
  };
}
