import { TARGET_SHORTCUTS } from './target-shortcuts.js';

/** A shortcut of `com.df.scaleOn`, for people. */
export interface ShownTargetShortcut {
  readonly name: string;
  /** `@cpu[:RANGE]`. */
  readonly form: string;
  readonly description: string;
  readonly per: 'task' | 'service';
  readonly unit: string;
  /** What a number is compared with unless `com.df.scaleTargetType` says it. */
  readonly targetType: 'perTask' | 'total';
  /** Whether a target may be a percentage of the reservation. */
  readonly takesPercent: boolean;
  /** The words in capitals stand for the value. */
  readonly expressions: readonly string[];
}

/** All shortcuts, as the API and the reference page show them. */
export function showTargetShortcuts(): readonly ShownTargetShortcut[] {
  return TARGET_SHORTCUTS.map(({ name, parameter, description, per, unit, type, resource, query }) => ({
    name,
    form: parameter ? `${name}[:${parameter.name}]` : name,
    description,
    per,
    unit,
    targetType: type === 'value' ? 'total' : 'perTask',
    takesPercent: resource !== undefined,
    expressions: [
      ...(parameter?.default === undefined ? [query(undefined).expression] : []),
      ...(parameter === undefined ? [] : [query(parameter.name).expression]),
    ],
  }));
}
