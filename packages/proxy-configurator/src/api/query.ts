import type { Request } from 'express';
import { queryOf } from '@docker-flow/daemon/http/app';
import { firstValues, readBoolean, type Parameters } from '@docker-flow/labels';
import type { ExplainedRequest } from '../core/explain/explain.js';

/** Only the query is read; of a repeated name the first value counts. */
export function parametersOf(request: Request): Parameters {
  return firstValues(queryOf(request));
}

/** Parameters `header=Name: value`, by lower case name; of a repeated header the values are joined. */
export function headersOf(request: Request): ExplainedRequest['headers'] {
  const headers = new Map<string, string>();
  for (const [parameter, text] of queryOf(request)) {
    const colon = text.indexOf(':');
    if (parameter !== 'header' || colon < 1) continue;
    const name = text.slice(0, colon).trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/** Whether a parameter says yes; what cannot be read says no. */
export function flag(parameters: Parameters, name: string): boolean {
  const result = readBoolean(parameters[name] ?? '');
  return result.ok && result.value;
}
