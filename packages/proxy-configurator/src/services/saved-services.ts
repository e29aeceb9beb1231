import type { Parameters } from '@docker-flow/labels';
import { z } from 'zod/v3';
import { SavedChallenges } from '../acme/challenge-answers.js';
import { rememberLast } from '../core/model/remember.js';
import type { ServiceStore } from './service-store.js';

export interface SavedService {
  readonly parameters: Parameters;
  /** Whether a listener names it: then it may go when none does any more. Others were registered by hand. */
  readonly isListed: boolean;
}

/** What `services.json` holds: the services that run, so that they run again before anybody tells of them. */
const SavedServices = z.array(z.object({ parameters: z.record(z.string()), isListed: z.boolean() }));

/** The state file; the array alone is what earlier versions wrote. */
export const SavedState = z.union([
  z.object({ services: SavedServices, acme: SavedChallenges.optional() }),
  SavedServices.transform((services) => ({ services, acme: undefined })),
]);

/**
 * The services that run, and those that wait for an entry port.
 *
 * @param isListed whether a listener names the service
 */
export function savedServices(
  store: ServiceStore,
  isListed: (name: string) => boolean,
): z.infer<typeof SavedServices> {
  return store.entries().flatMap(({ name, live, wanted, rejection }) => {
    const saved = live ?? (rejection?.kind === 'port' ? wanted : undefined);
    return saved ? [{ parameters: saved.parameters, isListed: isListed(name) }] : [];
  });
}

/** The state file, of which a service that has not changed is not written anew. */
export function savedStateText({ services, acme }: z.infer<typeof SavedState>): string {
  const list = services.map(({ parameters, isListed }) => savedText(parameters, isListed)).join(',');
  return `{"services":[${list}]${acme === undefined ? '' : `,"acme":${JSON.stringify(acme)}`}}`;
}

const savedText = rememberLast((parameters: Parameters, isListed: boolean) =>
  JSON.stringify({ parameters, isListed }),
);
