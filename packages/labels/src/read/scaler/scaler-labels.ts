import type { Label } from '../../catalogue/label.js';
import { SCALER_LABELS as LABELS } from '../../catalogue/scaler.js';
import type { Step } from '../../catalogue/types/number.js';
import type { Issue } from '../../values/parsed.js';
import { LABEL_PREFIX, parameterOfLabel } from '../../wire/label-key.js';
import { labelIssue, readLabel } from '../read-label.js';

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

/** The label of the catalogue for each part of what is read; labels of nodes are read like those of replicas. */
type LabelOf<Read> = { readonly [Part in keyof Read]-?: Label<Exclude<Read[Part], undefined>> };

const REPLICA_LABELS: LabelOf<ScalerLabels> = {
  min: LABELS.scaleMin,
  max: LABELS.scaleMax,
  upBy: LABELS.scaleUpBy,
  downBy: LABELS.scaleDownBy,
  upCooldownMs: LABELS.scaleUpCooldown,
  downCooldownMs: LABELS.scaleDownCooldown,
  paused: LABELS.scalePaused,
  restore: LABELS.scaleRestore,
};

const MANAGER_NODE_LABELS: LabelOf<NodeScalerLabels> = {
  min: LABELS.scaleManagerNodeMin,
  max: LABELS.scaleManagerNodeMax,
  upBy: LABELS.scaleManagerNodeUpBy,
  downBy: LABELS.scaleManagerNodeDownBy,
};

const WORKER_NODE_LABELS: LabelOf<NodeScalerLabels> = {
  min: LABELS.scaleWorkerNodeMin,
  max: LABELS.scaleWorkerNodeMax,
  upBy: LABELS.scaleWorkerNodeUpBy,
  downBy: LABELS.scaleWorkerNodeDownBy,
};

function fullNames<Part extends string>(
  labels: Readonly<Record<Part, Label>>,
): Readonly<Record<Part, string>> {
  const names = Object.entries<Label>(labels).map(([part, { name }]) => [part, `${LABEL_PREFIX}${name}`]);
  return Object.fromEntries(names) as Record<Part, string>;
}

/** The names that are built in. */
export const SCALER_LABEL_NAMES: ScalerLabelNames = fullNames(REPLICA_LABELS);
export const MANAGER_NODE_LABEL_NAMES: NodeScalerLabelNames = fullNames(MANAGER_NODE_LABELS);
export const WORKER_NODE_LABEL_NAMES: NodeScalerLabelNames = fullNames(WORKER_NODE_LABELS);

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
  for (const [part, name] of Object.entries(names)) {
    const text = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (text === undefined) continue;
    const label = REPLICA_LABELS[part as keyof ScalerLabels];
    const result = readLabel<unknown>(label, text);
    const read = result.ok ? result : result.instead;
    if (read) value[part] = read.value;
    if (!result.ok)
      issues.push(labelIssue(label, { service, key: parameterOfLabel(name) ?? name, text }, result));
  }
  return { value, issues };
}
