import { LABEL_PREFIX, LISTENER_LABELS, labelValue, withoutQuotes } from '@docker-flow/labels';
import type { Swarm, SwarmService } from '../ports.js';

const SHORT_NAME_LABEL = `${LABEL_PREFIX}${LISTENER_LABELS.shortName.name}`;

/**
 * The id of the service that swarm-listener announces under its name without that of its stack
 * (`com.df.shortName`), which is what alerts carry then. `undefined` when there is none; when two stacks have such a
 * service, nobody can tell which is meant.
 *
 * @throws {DockerError} when the services cannot be listed
 */
export async function findByShortName(name: string, swarm: Swarm): Promise<string | undefined> {
  const labelled = await swarm.listServices(SHORT_NAME_LABEL);
  const found = labelled.filter((service) => shortNameOf(service) === name);
  return found.length === 1 ? found[0]?.id : undefined;
}

/** The names under which a service may be known to Prometheus. */
export function namesOf(service: SwarmService): readonly string[] {
  const short = shortNameOf(service);
  return short === undefined ? [service.name] : [service.name, short];
}

function shortNameOf({ name, stack, labels }: SwarmService): string | undefined {
  const text = labels[SHORT_NAME_LABEL];
  if (text === undefined || stack === undefined || !name.startsWith(`${stack}_`)) return undefined;
  const isShort = labelValue(LISTENER_LABELS.shortName, withoutQuotes(text) ?? text) === true;
  return isShort ? name.slice(stack.length + 1) : undefined;
}
