import type { Label } from '../../catalogue/label.js';
import { PROXY_LABELS } from '../../catalogue/proxy.js';
import type { LabelType } from '../../catalogue/types/label-type.js';
import { withoutQuotes } from '../../values/quotes.js';
import type { Issue, Unreadable } from '../../values/parsed.js';
import type { Parameters } from '../../wire/notification.js';
import { typeOfLabel } from '../label-variant.js';
import { labelIssue, readLabel } from '../read-label.js';

const BY_NAME: Readonly<Record<string, Label>> = PROXY_LABELS;

type Problem = Pick<Unreadable, 'problem' | 'expected' | 'kind' | 'suggestion'>;

/**
 * Reads parameters of one service by label and index. What cannot be read becomes an issue: `refusals`
 * cost the service its routes, of `warnings` something else counts instead, like in the original.
 */
export interface ParameterReader {
  readonly refusals: Issue[];
  readonly warnings: Issue[];
  /** The text as written; empty counts as absent. With an index, falls back to the name without one. */
  text(label: Label, index?: number): string | undefined;
  /** Whether the label is there with this very number. */
  isNumbered(label: Label, index: number): boolean;
  /** The value by the label's type; `undefined` when it is absent or refused. */
  read<T>(label: Label<T>, index?: number): T | undefined;
  refuse(label: Label, index: number | undefined, problem: Problem): void;
  warn(label: Label, index: number | undefined, problem: Problem): void;
}

interface ReaderOptions {
  readonly service: string;
  readonly separator: string;
  /** What counts where a label is absent that decides about the type of another one. */
  readonly defaults: Parameters;
}

export function createParameterReader(parameters: Parameters, options: ReaderOptions): ParameterReader {
  const { service, separator, defaults } = options;
  const refusals: Issue[] = [];
  const warnings: Issue[] = [];

  function keyOf({ name, indexed }: Label, index: number | undefined): string {
    const key = index === undefined || index === 0 || !indexed ? name : `${name}.${index}`;
    return parameters[key] ? key : name;
  }
  function textOf(label: Label, index: number | undefined): string | undefined {
    const value = parameters[keyOf(label, index)];
    return value === '' ? undefined : value;
  }
  function typeOf<T>(label: Label<T>, index: number | undefined): LabelType<T> {
    return typeOfLabel(label, (name) => {
      const other = BY_NAME[name];
      const text = other && textOf(other, index);
      return text === undefined ? defaults[name] : (withoutQuotes(text.trim()) ?? text);
    });
  }
  function issue(label: Label, index: number | undefined, problem: Problem): Issue {
    const text = textOf(label, index) ?? '';
    return labelIssue(label, { service, key: keyOf(label, index), text }, problem);
  }
  const refuse: ParameterReader['refuse'] = (...args) => addOnce(refusals, issue(...args));
  const warn: ParameterReader['warn'] = (...args) => addOnce(warnings, issue(...args));

  return {
    refusals,
    warnings,
    text: textOf,
    isNumbered: (label, index) => index !== 0 && keyOf(label, index) !== label.name,
    refuse,
    warn,
    read(label, index) {
      const text = textOf(label, index);
      if (text === undefined) return undefined;
      const result = readLabel(label, text, { separator, type: typeOf(label, index) });
      if (result.ok) return result.value;
      if (result.instead) warn(label, index, result);
      else refuse(label, index, result);
      return result.instead?.value;
    },
  };
}

/** A label without number is read for each destination, but told once. */
function addOnce(issues: Issue[], issue: Issue): void {
  const isTold = issues.some(({ label, problem }) => label === issue.label && problem === issue.problem);
  if (!isTold) issues.push(issue);
}
