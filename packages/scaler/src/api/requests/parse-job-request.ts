import { firstValues, type QueryPair } from '@docker-flow/labels';
import type { ParsedScaleRequest } from './parse-scale-request.js';
import { resolvedStatus, type RequestFields } from './request-fields.js';
import { readBy } from './request-values.js';

/**
 * Reads the build server's URL form, `?token=…&service=…&scale=±N`: the sign of `scale` is the direction,
 * its size the step. A `+` that was not escaped arrives as a blank. The body may be an Alertmanager
 * webhook, so that a resolved alert does nothing.
 */
export function parseJobRequest(query: readonly QueryPair[], fields: RequestFields): ParsedScaleRequest {
  const status = resolvedStatus(fields);
  if (status !== undefined) return { kind: 'resolved', status };
  const { service } = fields;
  if (service === undefined) return { kind: 'invalid', message: 'No service name in request' };
  const scale = firstValues(query)['scale'] ?? '';
  if (scale === '') return { kind: 'invalid', message: 'No scale in request' };
  const match = /^([ +-]?)([0-9]+%?)$/.exec(scale);
  const by = readBy(match?.[2]);
  if (by === undefined) {
    return { kind: 'invalid', message: 'Incorrect scale in request; expected a number such as 1 or -1' };
  }
  const direction = match?.[1] === '-' ? 'down' : 'up';
  return { kind: 'request', service, request: { kind: 'step', direction, by } };
}
