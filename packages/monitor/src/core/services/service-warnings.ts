import { formatLabelKey, type Issue } from '@docker-flow/labels';
import { memoizeByIdentity } from '../text/memoize.js';
import { alertsInForce, type MonitorState, type ServiceRecord } from './monitor-state.js';

/** Everything that the owner of a service has to be told, beside rejected alerts. */
export function warningsOf(state: MonitorState, record: ServiceRecord): readonly Issue[] {
  return [...record.warnings, ...alertNamesakes(state, record)];
}

/** The same of all services. */
export function allWarnings(state: MonitorState): readonly Issue[] {
  return [...state.services.values()].flatMap((record) =>
    record.warnings.length === 0 && sharedNames(state).size === 0 ? [] : warningsOf(state, record),
  );
}

/**
 * Issues for alerts of a service whose rules are called like those of other services: dashes vanish from the name of
 * a rule, so `my-service` with `alert` and `myservice` with `alert` have one name. Both rules are there, but an
 * Alertmanager takes alerts of equal labels for one, so both services are told.
 */
export function alertNamesakes(state: MonitorState, record: ServiceRecord): readonly Issue[] {
  const shared = sharedNames(state);
  if (shared.size === 0) return [];
  return alertsInForce(record).flatMap(({ service, name, index, formattedName }) => {
    const others = [...(shared.get(formattedName) ?? [])].filter((other) => other !== service);
    if (others.length === 0) return [];
    return [
      {
        service,
        label: formatLabelKey({ name: 'alertName', index }),
        value: name,
        problem: `makes a rule called ${formattedName}, as an alert of the service ${others.join(', ')} does`,
        expected: 'another name',
      },
    ];
  });
}

/** Names of rules that several services have, with those services. */
const sharedNames = memoizeByIdentity(({ services }: MonitorState) => {
  const first = new Map<string, string>();
  const shared = new Map<string, Set<string>>();
  for (const record of services.values())
    for (const { formattedName, service } of alertsInForce(record)) {
      const owner = first.get(formattedName) ?? service;
      first.set(formattedName, owner);
      if (owner === service) continue;
      shared.set(formattedName, (shared.get(formattedName) ?? new Set([owner])).add(service));
    }
  return shared;
});
