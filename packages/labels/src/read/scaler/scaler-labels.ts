import type { SCALER_LABELS } from '../../catalogue/scaler.js';
import { LABEL_PREFIX, parameterOfLabel } from '../../wire/label-key.js';
import { readBoolean, readInteger } from '../label-values.js';
import { parsed, unreadable, type Issue, type Parsed } from '../parsed.js';

/** How much one request changes: a number of replicas or nodes, or a part of the present number. Never negative. */
export interface Step {
  readonly unit: 'count' | 'percent';
  readonly size: number;
}

/** What the labels of one service say about its replicas; absent where a label is missing or unreadable. */
export interface ScalerLabels {
  readonly min?: number;
  readonly max?: number;
  readonly upBy?: Step;
  readonly downBy?: Step;
  readonly upCooldownMs?: number;
  readonly downCooldownMs?: number;
  readonly paused?: boolean;
  readonly restore?: boolean;
}

/** Bounds and steps for nodes of one role; the same reading rules as for replicas. */
export type NodeScalerLabels = Pick<ScalerLabels, 'min' | 'max' | 'upBy' | 'downBy'>;

/** Full names of the labels that are read, since variables can change them. */
export type ScalerLabelNames = Readonly<Record<keyof ScalerLabels, string>>;
export type NodeScalerLabelNames = Readonly<Record<keyof NodeScalerLabels, string>>;

type CatalogueName = (typeof SCALER_LABELS)[number]['name'];

function fullName(name: CatalogueName): string {
  return `${LABEL_PREFIX}${name}`;
}

/** The names that are built in. */
export const SCALER_LABEL_NAMES: ScalerLabelNames = {
  min: fullName('scaleMin'),
  max: fullName('scaleMax'),
  upBy: fullName('scaleUpBy'),
  downBy: fullName('scaleDownBy'),
  upCooldownMs: fullName('scaleUpCooldown'),
  downCooldownMs: fullName('scaleDownCooldown'),
  paused: fullName('scalePaused'),
  restore: fullName('scaleRestore'),
};

export const MANAGER_NODE_LABEL_NAMES: NodeScalerLabelNames = {
  min: fullName('scaleManagerNodeMin'),
  max: fullName('scaleManagerNodeMax'),
  upBy: fullName('scaleManagerNodeUpBy'),
  downBy: fullName('scaleManagerNodeDownBy'),
};

export const WORKER_NODE_LABEL_NAMES: NodeScalerLabelNames = {
  min: fullName('scaleWorkerNodeMin'),
  max: fullName('scaleWorkerNodeMax'),
  upBy: fullName('scaleWorkerNodeUpBy'),
  downBy: fullName('scaleWorkerNodeDownBy'),
};

const MAX_SECONDS = 366 * 86_400;

/** A step as labels and requests write it: an integer with or without sign, or a percentage. The sign does not count. */
export function readStep(text: string): Parsed<Step> {
  const expected = 'a whole number of at least 1, or a percentage such as 50%';
  const match = /^([+-]?[0-9]{1,15})(%?)$/.exec(text);
  if (!match?.[1]) return unreadable('is not a step', expected);
  const size = Math.abs(Number(match[1]));
  if (size === 0) return unreadable('changes nothing', expected);
  return parsed({ unit: match[2] === '%' ? 'percent' : 'count', size });
}

function readSeconds(text: string): Parsed<number> {
  const seconds = readInteger(text, { min: 0, max: MAX_SECONDS });
  return seconds.ok ? parsed(seconds.value * 1_000) : seconds;
}

function readBound(text: string): Parsed<number> {
  return readInteger(text, { min: 0 });
}

const READERS: { readonly [K in keyof ScalerLabels]-?: (text: string) => Parsed<Required<ScalerLabels>[K]> } =
  {
    min: readBound,
    max: readBound,
    upBy: readStep,
    downBy: readStep,
    upCooldownMs: readSeconds,
    downCooldownMs: readSeconds,
    paused: readBoolean,
    restore: readBoolean,
  };

/**
 * Reads the scaling labels of one service under the given names. What cannot be read is left out, so
 * that the default counts, and told as an issue.
 */
export function parseScalerLabels(
  service: string,
  labels: Readonly<Record<string, string>>,
  names: ScalerLabelNames = SCALER_LABEL_NAMES,
): { readonly value: ScalerLabels; readonly issues: readonly Issue[] } {
  return readAll(service, labels, names);
}

/** Bounds and steps for nodes from the labels of the service that a node request names. */
export function parseNodeScalerLabels(
  service: string,
  labels: Readonly<Record<string, string>>,
  names: NodeScalerLabelNames,
): { readonly value: NodeScalerLabels; readonly issues: readonly Issue[] } {
  return readAll(service, labels, names);
}

function readAll(
  service: string,
  labels: Readonly<Record<string, string>>,
  names: Readonly<Partial<Record<keyof ScalerLabels, string>>>,
): { readonly value: ScalerLabels; readonly issues: readonly Issue[] } {
  const value: Record<string, unknown> = {};
  const issues: Issue[] = [];
  for (const [key, name] of Object.entries(names)) {
    const text = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (text === undefined) continue;
    const result = READERS[key as keyof ScalerLabels](text);
    if (result.ok) value[key] = result.value;
    else {
      const { problem, expected } = result;
      issues.push({ service, label: parameterOfLabel(name) ?? name, value: text, problem, expected });
    }
  }
  return { value, issues };
}
