import type { Reader } from '../catalogue/label.js';
import type { Issue } from '../values/parsed.js';
import type { Parameters } from '../wire/notification.js';
import { knownLabel, splitNumber } from './known-labels.js';
import { nearestLabel } from './nearest-label.js';
import { unreadNumbers } from './unread-numbers.js';

interface NameOptions {
  readonly service: string;
  /** The program that asks: it tells of the labels that it would read. */
  readonly reader: Reader;
  /** Names outside the catalogue that are read nevertheless, as a variable says. */
  readonly knownNames?: readonly string[];
}

/**
 * What is written and not in force because of its name: labels that are nearly one that `reader` reads, numbers that
 * are never read (one issue for each number), and old names. Names of labels that are theirs alone are nobody's business.
 */
export function nameIssues(parameters: Parameters, options: NameOptions): readonly Issue[] {
  const names = Object.keys(parameters).filter((name) => parameters[name] !== '');
  return [
    ...misspelt(names, parameters, options),
    ...neverRead(names, parameters, options),
    ...oldNames(names, parameters, options),
  ];
}

function misspelt(
  names: readonly string[],
  parameters: Parameters,
  { service, reader, knownNames = [] }: NameOptions,
): readonly Issue[] {
  const theirs = new Set(knownNames);
  return names.flatMap((parameter) => {
    const { name, number } = splitNumber(parameter);
    if ([parameter, name].some((one) => knownLabel(one) !== undefined || theirs.has(one))) return [];
    const nearest = nearestLabel(name);
    const known = nearest === undefined ? undefined : knownLabel(nearest);
    if (!known?.readers.includes(reader)) return [];
    const right = number === undefined ? known.label.name : `${known.label.name}.${number}`;
    return [
      {
        service,
        label: parameter,
        value: known.label.secret ? '' : (parameters[parameter] ?? ''),
        problem: 'is not a label, and no program reads it',
        expected: right,
        kind: 'misspelt',
      },
    ];
  });
}

function neverRead(
  names: readonly string[],
  parameters: Parameters,
  { service, reader, knownNames = [] }: NameOptions,
): readonly Issue[] {
  const read = names.filter((name) => !knownNames.includes(name));
  const told = new Set<string>();
  return unreadNumbers(read).flatMap(({ parameter, group, why, expected }) => {
    const known = knownLabel(splitNumber(parameter).name);
    if (!known?.readers.includes(reader) || told.has(group)) return [];
    told.add(group);
    const value = known.label.secret ? '' : (parameters[parameter] ?? '');
    return [{ service, label: parameter, value, problem: `is never read: ${why}`, expected, kind: 'number' }];
  });
}

function oldNames(
  names: readonly string[],
  parameters: Parameters,
  { service, reader }: NameOptions,
): readonly Issue[] {
  return names.flatMap((parameter) => {
    const known = knownLabel(splitNumber(parameter).name);
    const instead = known?.label.deprecatedFor;
    if (!known?.readers.includes(reader) || instead === undefined) return [];
    const value = known.label.secret ? '' : (parameters[parameter] ?? '');
    return [
      {
        service,
        label: parameter,
        value,
        problem: 'is an old name',
        expected: instead,
        kind: 'obsolete',
      },
    ];
  });
}
