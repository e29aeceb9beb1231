import type { ApiEndpoint, ApiParameter } from '@docker-flow/daemon/http/openapi';
import { codeSpan } from '@docker-flow/labels';
import type { Endpoint } from '../endpoints-page.js';

/** A request with more parameters than that takes labels. */
const FEW = 6;

/** Rows of the page from what a program says of its API; `manyParameters` stands for a long list of labels. */
export function describedEndpoints(
  endpoints: readonly ApiEndpoint[],
  manyParameters = '',
): readonly Endpoint[] {
  return endpoints.map(({ method, path, summary, parameters = [] }) => ({
    method,
    path: path.replace(/{([a-z]+)}/gi, ':$1'),
    says: `${summary}.`,
    parameters: parameters.length <= FEW ? describeParameters(parameters) : manyParameters,
  }));
}

function describeParameters(parameters: readonly ApiParameter[]): string {
  return parameters
    .map(
      ({ name, description }) =>
        `${codeSpan(name)} (${description.charAt(0).toLowerCase()}${description.slice(1)})`,
    )
    .join(', ');
}
