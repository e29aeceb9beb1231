import { codeSpan } from '@docker-flow/labels';
import { openApiDocument, type Operation, type PathItem } from '@docker-flow/proxy-configurator';
import type { Endpoint } from '../endpoints-page.js';

/** A request with more parameters than that takes labels. */
const FEW = 4;

/** What the proxy's API answers, as its OpenAPI document has it. */
export const PROXY_ENDPOINTS: readonly Endpoint[] = Object.entries(openApiDocument().paths)
  .filter(([path]) => path !== '/readyz')
  .flatMap(([path, item]) => operationsOf(item).map((one) => describe(path, one)));

/** A path that knows GET alone does the same whatever the method. */
function operationsOf(item: PathItem): readonly (readonly [method: string, operation: Operation])[] {
  if (!('put' in item)) return [['any', item.get]];
  const { get, put } = item;
  return [...(get ? [['GET', get] as const] : []), ['PUT', put], ['DELETE', item.delete]];
}

function describe(path: string, [method, operation]: readonly [string, Operation]): Endpoint {
  const { summary, parameters = [] } = operation;
  const names =
    parameters.length > FEW
      ? 'the [labels of the proxy](../../LABELS.md#proxy) without `com.df.`, `distribute`'
      : parameters.map(({ name }) => codeSpan(name)).join(', ');
  return { method, path, says: `${summary}.`, parameters: names };
}
