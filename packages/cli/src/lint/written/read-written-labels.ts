import {
  LABEL_PREFIX,
  editDistance,
  formatLabelKey,
  knownLabel,
  nearestLabel,
  parseLabelKey,
  splitNumber,
  withoutQuotes,
} from '@docker-flow/labels';
import { interpolate } from '../../stack/interpolate.js';
import type { StackLabel, StackService } from '../../stack/stack.js';
import type { Finding } from '../findings/finding.js';
import { quoted, showLabel } from '../findings/show-value.js';
import { isSecretLabel } from '../../text/hide-secrets.js';

/** A label as it was meant: mended where exactly one thing was wrong with its name or its value's form. */
export interface MeantLabel {
  /** Without prefix, with its number, in the catalogue's letter case. */
  readonly parameter: string;
  readonly value: string;
  readonly written: StackLabel;
}

export interface WrittenLabels {
  readonly labels: readonly MeantLabel[];
  readonly findings: readonly Finding[];
  /** Labels that were named already: nothing further is said of them. */
  readonly dropped: ReadonlySet<string>;
}

export interface NamingOptions {
  /** What `DF_NOTIFY_LABEL` says. */
  readonly notifyLabel: string;
  /** Names that are never a misspelling. */
  readonly knownNames: ReadonlySet<string>;
}

/** A `$name` in these was probably meant for the label itself. */
const HOLDS_DOLLARS =
  /^(?:alertIf|alertLabels|alertAnnotations|reqPathSearch\w*|servicePath|users|(?:add|set|del)(?:Req|Res)?Header|backendExtra)$/;

/** The prefix with its two parts in the other order. */
const TURNED_PREFIX = `${LABEL_PREFIX.split('.').slice(0, 2).reverse().join('.')}.`;

/** People may write about labels here. */
const HOLDS_TEXT = /\.(?:userDef|alertAnnotations)(?:\.\d+)?$/;

/** Looks at the names and the form of a service's labels, not yet at what they say. */
export function readWrittenLabels(
  service: StackService,
  labels: readonly StackLabel[],
  options: NamingOptions,
): WrittenLabels {
  const findings: Finding[] = [];
  const dropped = new Set<string>();
  const there = new Set(labels.map(({ name }) => name));
  const meant = labels.flatMap((label): readonly MeantLabel[] => {
    const say = (finding: Omit<Finding, 'place' | 'service' | 'label'>) =>
      void findings.push({ ...finding, place: label.place, service: service.name, label: label.name });
    const parameter = meantParameter(label, there, options, say);
    if (parameter === undefined) return [];
    const value = meantValue(withoutBlanks(label), parameter, say);
    if (value === undefined) {
      for (const lost of [parameter, ...swallowedBy(label)]) dropped.add(lost);
      return [];
    }
    return [{ parameter, value, written: label }];
  });
  return { labels: meant, findings, dropped };
}

/** What stands around an equals sign with blanks is mended on both sides. */
function withoutBlanks(label: StackLabel): StackLabel {
  if (label.form !== 'list' || label.name === label.name.trimEnd()) return label;
  return { ...label, value: label.value.trim(), written: label.written.trim() };
}

type Say = (finding: Omit<Finding, 'place' | 'service' | 'label'>) => void;

/** The parameter that a label was meant to be; `undefined` when it is none of ours, or was told. */
function meantParameter(
  label: StackLabel,
  there: ReadonlySet<string>,
  { notifyLabel, knownNames }: NamingOptions,
  say: Say,
): string | undefined {
  const { name } = label;
  if (name === notifyLabel) return 'notify';
  // A listener that looks at another label reads this one as any that is passed on.
  if (name === `${LABEL_PREFIX}notify`) return undefined;
  const trimmed = name.trim();
  if (trimmed !== name && isOurs(trimmed)) {
    const isShown = label.form === 'list' && !isSecretLabel(trimmed);
    const item = isShown ? `${trimmed}=${label.written.trim()}` : trimmed;
    say({
      code: 'DF109',
      severity: 'error',
      message: `the name ${quoted(name)} has a blank around it, so no program reads the label`,
      expected: trimmed,
      suggestion: item,
    });
    return trimmed.slice(LABEL_PREFIX.length);
  }
  if (!name.startsWith(LABEL_PREFIX)) return otherPrefix(name, there, say);
  const parameter = name.slice(LABEL_PREFIX.length);
  const { name: bare, number } = splitNumber(parameter);
  const suffix = number === undefined ? '' : `.${number}`;
  if (knownLabel(parameter) || knownLabel(bare)) return parameter;
  if (knownNames.has(parameter) || knownNames.has(bare)) return undefined;
  const nearest = nearestLabel(bare);
  if (nearest === undefined || there.has(`${LABEL_PREFIX}${nearest}${suffix}`)) return undefined;
  const right = `${LABEL_PREFIX}${nearest}${suffix}`;
  const isCaseOnly = nearest.toLowerCase() === bare.toLowerCase();
  if (isCaseOnly && isOfMonitorAlone(nearest))
    say({
      code: 'DF103',
      severity: 'warning',
      message: `${quoted(parameter)} works, since the monitor takes any letter case; it is written ${quoted(nearest)}`,
      expected: right,
      suggestion: right,
    });
  else
    say({
      code: 'DF102',
      severity: 'error',
      message: `${quoted(parameter)} is not a label, and no program reads it`,
      expected: right,
      suggestion: right,
    });
  return `${nearest}${suffix}`;
}

/** Whether only the monitor reads a label: it takes any letter case. */
function isOfMonitorAlone(name: string): boolean {
  const readers = knownLabel(name)?.readers;
  return readers?.length === 1 && readers[0] === 'monitor';
}

/** `COM.DF.`, `com.fd.`, `df.com.`, `com.df` without its second dot … before a name of ours. */
function otherPrefix(name: string, there: ReadonlySet<string>, say: Say): string | undefined {
  for (const length of [LABEL_PREFIX.length, LABEL_PREFIX.length - 1]) {
    const prefix = name.slice(0, length).toLowerCase();
    const parameter = name.slice(length);
    const right = `${LABEL_PREFIX}${parameter}`;
    const isNear = length === LABEL_PREFIX.length ? isSwapped(prefix) : prefix === 'com.df';
    if (!isNear || !knownLabel(splitNumber(parameter).name) || there.has(right)) continue;
    say({
      code: 'DF109',
      severity: 'error',
      message: `${quoted(name)} does not begin with ${LABEL_PREFIX}, so no program reads it`,
      expected: right,
      suggestion: right,
    });
    return parameter;
  }
  return undefined;
}

function isSwapped(prefix: string): boolean {
  const letters = (text: string) => Array.from(text).sort().join('');
  return (
    prefix === LABEL_PREFIX ||
    prefix === TURNED_PREFIX ||
    (letters(prefix) === letters(LABEL_PREFIX) && editDistance(prefix, LABEL_PREFIX) === 1)
  );
}

function isOurs(name: string): boolean {
  return (
    name.startsWith(LABEL_PREFIX) &&
    knownLabel(splitNumber(name.slice(LABEL_PREFIX.length)).name) !== undefined
  );
}

/** The value that was meant; `undefined` when it cannot be known. */
function meantValue(label: StackLabel, parameter: string, say: Say): string | undefined {
  const { name } = parseLabelKey(parameter);
  const known = knownLabel(name) ?? knownLabel(parameter);
  const isSecret = known?.label.secret === true;
  if (known && swallowedBy(label).length > 0) {
    say({
      code: 'DF101',
      severity: 'error',
      message: `${parameter} goes on with ${swallowedBy(label)[0] ?? ''}, which was meant to be a label of its own`,
      expected: 'an item of its own for each label, all with the same indentation',
    });
    return undefined;
  }
  const value = filledValue(label, name, isSecret, say);
  const inner = value === undefined || name === 'userDef' ? undefined : withoutQuotes(value);
  if (value === undefined || inner === undefined || !known) return value;
  say({
    code: 'DF105',
    severity: 'warning',
    message: `${showLabel(parameter, value, isSecret)} has quotes that were meant for YAML; the programs take the value without them`,
    ...(isSecret
      ? {}
      : { expected: `${formatLabelKey(parseLabelKey(parameter))}=${inner}`, suggestion: inner }),
  });
  return inner;
}

/**
 * The labels that are lost in the text of another one: an item that is indented further than the one above, or several
 * labels in one item.
 */
function swallowedBy({ name, form, written }: StackLabel): readonly string[] {
  if (form !== 'list' || HOLDS_TEXT.test(name)) return [];
  const names = [...written.matchAll(/(?:\s-\s+|[\s,;]\s*)["']?com\.df\.([\w.]+)(?=\s*=)/g)];
  return names.map(([, one = '']) => one).filter((one) => knownLabel(splitNumber(one).name));
}

function filledValue(label: StackLabel, name: string, isSecret: boolean, say: Say): string | undefined {
  const { unset } = label;
  const bare = unset.filter(({ hasBraces }) => !hasBraces).map((variable) => variable.name);
  if (HOLDS_DOLLARS.test(name) && bare.length > 0) {
    const doubled = label.written.replaceAll(
      /\$\$|\$([_a-zA-Z][_a-zA-Z0-9]*)/g,
      (whole, variable?: string) =>
        variable !== undefined && bare.includes(variable) ? `$$${variable}` : whole,
    );
    say({
      code: 'DF506',
      severity: 'error',
      message: isSecret
        ? `${name} holds a single dollar sign, and Docker fills in a variable that is not set`
        : `${name}: Docker fills in the variable $${bare[0] ?? ''}, which is not set`,
      expected: isSecret
        ? '$$ for each dollar sign'
        : `$$${bare[0] ?? ''} for a dollar sign that belongs to the value`,
      ...(isSecret ? {} : { suggestion: doubled }),
    });
    return interpolate(doubled, {}).text;
  }
  const [first] = unset;
  if (!first || !knownLabel(name)) return label.value;
  say({
    code: 'DF507',
    severity: 'warning',
    message: `${name}: the variable ${first.name} is not set, and Docker makes nothing of it without a word`,
    expected: 'a value in the environment, or a default in the file',
  });
  return undefined;
}
