import type { Label } from '@docker-flow/labels';
import type { ApiParameter } from './openapi.js';

/**
 * The parameters of a notification as the label catalogue has them.
 *
 * @param indexedAs what to say of a label that may be repeated
 */
export function labelParameters(
  labels: readonly Label[],
  indexedAs: (name: string) => string,
): readonly ApiParameter[] {
  return labels.map(({ name, type, description, indexed, example, sentByListener }) => ({
    name,
    required: name === 'serviceName',
    description: [
      description,
      ...(indexed ? [indexedAs(name)] : []),
      ...(sentByListener ? ['Sent by swarm-listener.'] : []),
    ].join(' '),
    schema: { type: type.json ?? 'string' },
    ...(example === undefined ? {} : { example }),
  }));
}
