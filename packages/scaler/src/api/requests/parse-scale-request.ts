import type { Direction, ScaleRequest } from '../../core/scaling/scale-request.js';
import { resolvedStatus, type RequestFields } from './request-fields.js';
import { readCount } from './request-values.js';

/** What a request asks of a service, or the reason why that is nothing. */
export type ParsedScaleRequest =
  | { readonly kind: 'request'; readonly service: string; readonly request: ScaleRequest }
  | { readonly kind: 'resolved'; readonly status: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** Checks in the order of the original: service, then direction. A resolved alert never scales. */
export function parseScaleRequest(fields: RequestFields): ParsedScaleRequest {
  const status = resolvedStatus(fields);
  if (status !== undefined) return { kind: 'resolved', status };
  const { service, scale, by, to } = fields;
  if (service === undefined) return invalid('No service name in request');
  if (to !== undefined) {
    const count = readCount(to);
    return count === undefined
      ? invalid('Incorrect number of replicas in request')
      : { kind: 'request', service, request: { kind: 'target', count } };
  }
  if (scale === undefined) return invalid('No scale direction in request');
  return isDirection(scale)
    ? { kind: 'request', service, request: { kind: 'step', direction: scale, by } }
    : invalid('Incorrect scale direction in request');
}

export function isDirection(text: string): text is Direction {
  return text === 'up' || text === 'down';
}

function invalid(message: string): ParsedScaleRequest {
  return { kind: 'invalid', message };
}
