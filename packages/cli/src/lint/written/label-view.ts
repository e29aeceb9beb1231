import { knownLabel, parseLabelKey, type Parameters } from '@docker-flow/labels';
import type { StackLabel, StackService } from '../../stack/stack.js';
import type { Place } from '../../yaml/placed.js';
import type { Finding, Related, Severity } from '../findings/finding.js';
import type { MeantLabel } from './read-written-labels.js';
import { showLabel } from '../findings/show-value.js';

/** The labels of one service as its programs would get them, with a way to speak of each. */
export interface LabelView {
  readonly service: StackService;
  /** `STACK_SERVICE`, as in Swarm. */
  readonly fullName: string;
  readonly parameters: Parameters;
  readonly has: (parameter: string) => boolean;
  /** The first of these that is there. */
  readonly firstOf: (parameters: readonly string[]) => string | undefined;
  /** A finding at a label; at the service where it is not there. */
  readonly at: (parameter: string | undefined, finding: AtLabel) => Finding;
  /** The label as it stands in its file. */
  readonly written: (parameter: string) => StackLabel | undefined;
  /** A place of another finding: a label, or the service where it is not there. */
  readonly related: (parameter: string | undefined, message: string) => Related;
  /** `port="eighty"` */
  readonly show: (parameter: string) => string;
}

export interface AtLabel {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
  readonly related?: readonly Related[];
  readonly place?: Place;
}

export function labelView(service: StackService, fullName: string, labels: readonly MeantLabel[]): LabelView {
  const byParameter = new Map(labels.map((label) => [label.parameter, label]));
  const find = (parameter: string) =>
    byParameter.get(parameter) ?? byParameter.get(parseLabelKey(parameter).name);
  return {
    service,
    fullName,
    parameters: Object.fromEntries(labels.map(({ parameter, value }) => [parameter, value])),
    has: (parameter) => byParameter.has(parameter),
    firstOf: (parameters) => parameters.find((parameter) => byParameter.has(parameter)),
    at(parameter, { place, ...finding }) {
      const label = parameter === undefined ? undefined : find(parameter);
      return {
        ...finding,
        place: place ?? label?.written.place ?? service.place,
        service: service.name,
        ...(label ? { label: label.written.name } : {}),
      };
    },
    written: (parameter) => find(parameter)?.written,
    related: (parameter, message) => ({
      place: (parameter === undefined ? undefined : find(parameter))?.written.place ?? service.place,
      message,
    }),
    show(parameter) {
      const label = find(parameter);
      const known = knownLabel(parseLabelKey(parameter).name)?.label;
      return label ? showLabel(parameter, label.value, known?.secret === true) : parameter;
    },
  };
}
