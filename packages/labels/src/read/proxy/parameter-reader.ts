import type { ProxyDestinationLabel, ProxyServiceLabel } from '../../catalogue/proxy.js';
import { readBoolean, readPort } from '../label-values.js';
import type { Parameters } from '../../wire/notification.js';
import type { Issue, Parsed } from '../parsed.js';
import { readOneLine } from './value-rules.js';

type Name = ProxyServiceLabel | ProxyDestinationLabel;

/**
 * Reads parameters of one service by name and index. What cannot be read becomes an issue: `refusals`
 * cost the service its routes, `warnings` were read as if they were absent, like the original did.
 */
export interface ParameterReader {
  readonly refusals: Issue[];
  readonly warnings: Issue[];
  /** The text as written; empty counts as absent. With an index, falls back to the name without one. */
  raw(name: Name, index?: number): string | undefined;
  /** A value that must fit its rule, on one line. */
  value<T>(name: Name, read: (text: string) => Parsed<T>, index?: number): T | undefined;
  /** A list whose items must each fit the rule; items are trimmed, empty ones dropped. */
  list<T>(name: Name, read: (text: string) => Parsed<T>, index?: number): readonly T[];
  /** Anything that is no boolean counts as false, with a warning; absent is `undefined`. */
  boolean(name: Name, index?: number): boolean | undefined;
  /** What is no number counts as absent, with a warning; a number that is no port is refused. */
  optionalPort(name: Name, index?: number): number | undefined;
  refuse(name: Name, index: number | undefined, problem: string, expected: string): void;
  warn(name: Name, index: number | undefined, problem: string, expected: string): void;
}

export function createParameterReader(
  service: string,
  parameters: Parameters,
  separator: string,
): ParameterReader {
  const refusals: Issue[] = [];
  const warnings: Issue[] = [];

  function keyOf(name: Name, index: number | undefined): string {
    const indexed = index === undefined || index === 0 ? name : `${name}.${index}`;
    return parameters[indexed] ? indexed : name;
  }
  function raw(name: Name, index?: number): string | undefined {
    const value = parameters[keyOf(name, index)];
    return value === undefined || value === '' ? undefined : value;
  }
  function issue(name: Name, index: number | undefined, problem: string, expected: string): Issue {
    return { service, label: keyOf(name, index), value: raw(name, index) ?? '', problem, expected };
  }
  const refuse: ParameterReader['refuse'] = (...args) => void refusals.push(issue(...args));
  const warn: ParameterReader['warn'] = (...args) => void warnings.push(issue(...args));

  return {
    refusals,
    warnings,
    raw,
    refuse,
    warn,
    value(name, read, index) {
      const text = raw(name, index)?.trim();
      if (text === undefined || text === '') return undefined;
      const line = readOneLine(text);
      const result = line.ok ? read(line.value) : line;
      if (result.ok) return result.value;
      refuse(name, index, result.problem, result.expected);
      return undefined;
    },
    list(name, read, index) {
      const items = (raw(name, index) ?? '').split(separator).map((item) => item.trim());
      return items.flatMap((item) => {
        if (item === '') return [];
        const line = readOneLine(item);
        const result = line.ok ? read(item) : line;
        if (result.ok) return [result.value];
        refuse(name, index, result.problem, result.expected);
        return [];
      });
    },
    boolean(name, index) {
      const text = raw(name, index);
      if (text === undefined) return undefined;
      const result = readBoolean(text.trim());
      if (result.ok) return result.value;
      warn(name, index, `${result.problem} and counts as false`, result.expected);
      return false;
    },
    optionalPort(name, index) {
      const text = raw(name, index);
      if (text === undefined || text === '0') return undefined;
      const result = readPort(text.trim());
      if (result.ok) return result.value;
      // Reading 99999 as absent would open a route to every entry port.
      if (/^ *[0-9]+ *$/.test(text)) refuse(name, index, result.problem, result.expected);
      else warn(name, index, `${result.problem} and counts as absent`, result.expected);
      return undefined;
    },
  };
}
