import { LABEL_PREFIX, knownLabel, parseLabelKey } from '@docker-flow/labels';
import type { StackLabel, StackService } from '../../stack/stack.js';
import type { Finding } from '../findings/finding.js';
import type { LabelView } from '../written/label-view.js';

/** What is wrong with where the labels of a service stand: beside `image`, or where nobody looks. */
export interface PlaceFindings {
  readonly findings: readonly Finding[];
  /** Whether labels of ours stand beside `image` only. */
  readonly beside: boolean;
  /** Parameters that stand there: they are not looked at again. */
  readonly lost: readonly string[];
}

export function checkPlace(view: LabelView, written: readonly Finding[]): PlaceFindings {
  const lost = lostBesideImage(view.service);
  const beside = lost[0] && besideImage(view, lost[0]);
  const isTold = beside !== undefined || written.some(({ label = '' }) => /notif/i.test(label));
  return {
    findings: [...(beside ? [beside] : []), ...(isTold ? [] : missingNotify(view))],
    beside: beside !== undefined,
    lost: lost.map(({ name }) => name.slice(LABEL_PREFIX.length)),
  };
}

/** Labels of ours on the containers, which nobody looks at, and not on the service. */
function lostBesideImage({ labels, containerLabels }: StackService): readonly StackLabel[] {
  const there = new Set(labels.map((label) => label.name));
  return containerLabels.filter(
    ({ name }) => name.startsWith(LABEL_PREFIX) && isKnown(name) && !there.has(name),
  );
}

function isKnown(label: string): boolean {
  return knownLabel(parseLabelKey(label.slice(LABEL_PREFIX.length)).name) !== undefined;
}

function besideImage(view: LabelView, lost: StackLabel): Finding {
  return {
    ...view.at(undefined, {
      code: 'DF501',
      severity: 'error',
      message: `${lost.name} stands beside image: it is a label of the containers, and no program sees it`,
      expected: 'under deploy, labels',
      place: lost.place,
    }),
    label: lost.name,
  };
}

/** Labels for receivers of the listener on a service that it passes by. */
function missingNotify(view: LabelView): readonly Finding[] {
  const first = view.has('notify') ? undefined : Object.keys(view.parameters).find(isForReceivers);
  if (first === undefined) return [];
  return [
    view.at(first, {
      code: 'DF502',
      severity: 'error',
      message: 'the listener passes by a service without com.df.notify=true, so nobody hears of this label',
      expected: 'com.df.notify=true',
    }),
  ];
}

const RECEIVERS = new Set(['proxy-configurator', 'monitor', 'certificates']);

/** Whether a label is of no use to whom the listener tells nothing. Those about the telling itself want nothing. */
function isForReceivers(parameter: string): boolean {
  const readers = knownLabel(parseLabelKey(parameter).name)?.readers ?? [];
  return readers.some((one) => RECEIVERS.has(one)) && !readers.includes('swarm-listener');
}
