import { messageOf } from '@docker-flow/daemon/errors';
import { readService } from '@docker-flow/docker/objects/read-service';
import { findValue } from '@docker-flow/docker/objects/spec-text';
import { DockerError, type InspectedService } from '../ports.js';

interface SpecJson {
  readonly TaskTemplate?: {
    readonly ContainerSpec?: { readonly Env?: readonly string[] | null } | null;
  } | null;
}

/**
 * Reads one service of the Engine API from its JSON text, of which the spec is kept as it is.
 *
 * @throws {DockerError} when it is no JSON
 */
export function parseInspected(text: string): InspectedService {
  try {
    const raw = JSON.parse(text) as { readonly Spec?: SpecJson | null } | null;
    const span = findValue(text, ['Spec']);
    return {
      ...readService(raw),
      environment: raw?.Spec?.TaskTemplate?.ContainerSpec?.Env ?? [],
      specText: span === undefined ? '{}' : text.slice(span.start, span.end),
    };
  } catch (error) {
    throw new DockerError(`Docker sent a service that cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
