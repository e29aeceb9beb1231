import { openApiDocument } from '@docker-flow/monitor';
import { codeSpan } from '@docker-flow/labels';
import type { Endpoint } from '../endpoints-page.js';

interface Parameter {
  readonly name: string;
}

/** A request with more parameters than that takes labels. */
const FEW = 4;

/** What the monitor's API answers, as its OpenAPI document has it. */
export const MONITOR_ENDPOINTS: readonly Endpoint[] = Object.entries(openApiDocument().paths).map(
  ([path, { get }]) => {
    const parameters = (get.parameters ?? []) as readonly Parameter[];
    return {
      method: 'any',
      path,
      says: `${get.summary.replace(/\.$/, '')}.`,
      parameters: describe(parameters),
    };
  },
);

function describe(parameters: readonly Parameter[]): string {
  if (parameters.length <= FEW) return parameters.map(({ name }) => codeSpan(name)).join(', ');
  return 'the [labels of the monitor](../../LABELS.md#monitor) without `com.df.`, `dryRun`';
}
