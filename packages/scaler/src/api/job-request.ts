import { firstValues, type QueryPair } from '@docker-flow/labels';
import {
  readBy,
  readRequestFields,
  resolvedStatus,
  type RequestFields,
  type ScaleInstruction,
} from './scale-request.js';

/**
 * Reads the build server's URL form, `?token=…&service=…&scale=±N`: the sign of `scale` is the direction,
 * its size the step. A `+` that was not escaped arrives as a blank. The body may be an Alertmanager
 * webhook, so that a resolved alert does nothing.
 */
export function readJobRequest(
  query: readonly QueryPair[],
  body: string,
): {
  readonly fields: RequestFields;
  readonly instruction: ScaleInstruction;
} {
  const fields = readRequestFields(query, body);
  return { fields, instruction: instruct(fields, firstValues(query)['scale'] ?? '') };
}

function instruct(fields: RequestFields, scale: string): ScaleInstruction {
  const status = resolvedStatus(fields);
  if (status !== undefined) return { kind: 'resolved', status };
  if (fields.service === undefined) return { kind: 'bad', message: 'No service name in request' };
  if (scale === '') return { kind: 'bad', message: 'No scale in request' };
  const match = /^([ +-]?)([0-9]+%?)$/.exec(scale);
  const by = readBy(match?.[2]);
  if (by === undefined) {
    return { kind: 'bad', message: 'Incorrect scale in request; expected a number such as 1 or -1' };
  }
  const direction = match?.[1] === '-' ? 'down' : 'up';
  return { kind: 'ask', service: fields.service, ask: { kind: 'step', direction, by } };
}
