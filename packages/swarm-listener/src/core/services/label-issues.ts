import { LABEL_PREFIX, nameIssues, parameterOfLabel, withoutQuotes, type Issue } from '@docker-flow/labels';
import { selectReceivers, type Receiver } from '../notifications/receivers.js';
import { isOfInterest, type NotifyLabel } from './interest.js';
import { NOTIFY_SERVICE_LABEL, ownLabel, SCRAPE_NETWORK_LABEL, SHORT_NAME_LABEL } from './own-labels.js';
import type { SwarmService } from './swarm-objects.js';

export interface LabelIssueRules {
  readonly notify: NotifyLabel;
  /** Who is told of services that are there. */
  readonly createReceivers: readonly Receiver[];
}

type Finding = Omit<Issue, 'service'>;

/**
 * What of a service's labels is written and not in force, as far as it is the listener that reads them; what other
 * labels hold, their readers say. Labels by their full name.
 */
export function labelIssues(service: SwarmService, rules: LabelIssueRules): readonly Issue[] {
  const own = [rules.notify.key, SHORT_NAME_LABEL, SCRAPE_NETWORK_LABEL, NOTIFY_SERVICE_LABEL];
  const findings = [
    ...own.flatMap((label) => quoteIssue(service, label)),
    ...notifyIssue(service, rules.notify),
    ...booleanIssue(service, SHORT_NAME_LABEL),
    ...receiverIssue(service, rules),
    ...letterCaseIssues(service, own),
    ...misspeltIssues(service, own),
    ...containerLabelIssues(service),
  ];
  return findings.map((finding) => ({ service: service.name, ...finding }));
}

/** The tasks of a service are on none of the networks that its label may mean. */
export function networkIssue(service: SwarmService, networks: readonly string[]): readonly Issue[] {
  if (networks.length === 0) return [];
  return [
    {
      service: service.name,
      label: SCRAPE_NETWORK_LABEL,
      value: service.labels[SCRAPE_NETWORK_LABEL] ?? '',
      problem: 'is not a network of its tasks, whose addresses are not sent',
      expected: networks.join(' or '),
    },
  ];
}

function quoteIssue({ labels }: SwarmService, label: string): readonly Finding[] {
  const value = labels[label];
  const inner = value === undefined ? undefined : withoutQuotes(value);
  if (value === undefined || inner === undefined) return [];
  return [{ label, value, problem: 'is in quotes and read without them', expected: inner }];
}

function notifyIssue({ labels }: SwarmService, notify: NotifyLabel): readonly Finding[] {
  const value = ownLabel(labels, notify.key);
  if (value === undefined || isOfInterest(labels, notify)) return [];
  if (notify.value !== undefined || value.toLowerCase() === 'false') return [];
  return [
    {
      label: notify.key,
      value,
      problem: 'does not mark the service, so nobody is told of it',
      expected: 'true or false',
    },
  ];
}

function booleanIssue({ labels }: SwarmService, label: string): readonly Finding[] {
  const value = ownLabel(labels, label);
  if (value === undefined || /^(true|false)$/i.test(value)) return [];
  return [{ label, value, problem: 'is not a boolean and counts as false', expected: 'true or false' }];
}

function receiverIssue(
  { labels }: SwarmService,
  { notify, createReceivers }: LabelIssueRules,
): readonly Finding[] {
  const value = ownLabel(labels, NOTIFY_SERVICE_LABEL);
  if (value === undefined || createReceivers.length === 0 || !isOfInterest(labels, notify)) return [];
  if (selectReceivers(createReceivers, value).length > 0) return [];
  const hosts = [...new Set(createReceivers.map(({ host }) => host))];
  return [
    {
      label: NOTIFY_SERVICE_LABEL,
      value,
      problem: 'names no receiver, so nobody is told of the service',
      expected: hosts.join(' or '),
    },
  ];
}

function letterCaseIssues({ labels }: SwarmService, own: readonly string[]): readonly Finding[] {
  return Object.entries(labels).flatMap(([label, value]) => {
    const meant = own.find((one) => one !== label && one.toLowerCase() === label.toLowerCase());
    return meant === undefined ? [] : [{ label, value, problem: 'is not known', expected: meant }];
  });
}

/** Labels that differ from one of ours by a letter or two; those that differ in case alone are told already. */
function misspeltIssues({ name, labels }: SwarmService, own: readonly string[]): readonly Finding[] {
  const parameters = Object.fromEntries(
    Object.entries(labels).flatMap(([label, value]) => {
      const parameter = parameterOfLabel(label);
      return parameter === undefined ? [] : [[parameter, value] as const];
    }),
  );
  return nameIssues(parameters, { service: name, reader: 'swarm-listener' })
    .filter(({ kind }) => kind === 'misspelt')
    .map(({ label, value, problem, expected }) => ({
      label: LABEL_PREFIX + label,
      value,
      problem,
      expected: LABEL_PREFIX + expected,
    }))
    .filter(({ label }) => !own.some((one) => one.toLowerCase() === label.toLowerCase()));
}

/** A stack file has two places for labels, and those beside the image are not the service's. */
function containerLabelIssues({ labels, containerLabels }: SwarmService): readonly Finding[] {
  return Object.entries(containerLabels)
    .filter(([label]) => label.startsWith(LABEL_PREFIX) && !Object.hasOwn(labels, label))
    .map(([label, value]) => ({
      label,
      value,
      problem: 'is a label of the containers, which nobody reads',
      expected: 'the label below deploy: in the stack file, or docker service create --label',
    }));
}
