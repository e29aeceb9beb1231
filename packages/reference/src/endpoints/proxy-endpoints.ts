import { codeSpan } from '@docker-flow/labels';
import { openApiDocument, type PathItem } from '@docker-flow/proxy-configurator';
import type { Endpoint } from '../endpoints-page.js';

/** A request with more parameters than that takes labels. */
const FEW = 4;

/** What the proxy's API answers, as its OpenAPI document has it. */
export const PROXY_ENDPOINTS: readonly Endpoint[] = Object.entries(openApiDocument().paths)
  .filter(([path]) => path !== '/readyz')
  .map(([path, item]) => describe(path, item));

function describe(path: string, item: PathItem): Endpoint {
  const { summary, parameters = [] } = 'get' in item ? item.get : item.put;
  const names =
    parameters.length > FEW
      ? 'the [labels of the proxy](../../LABELS.md#proxy) without `com.df.`, `distribute`'
      : parameters.map(({ name }) => codeSpan(name)).join(', ');
  return { method: 'get' in item ? 'any' : 'PUT', path, says: `${summary}.`, parameters: names };
}
