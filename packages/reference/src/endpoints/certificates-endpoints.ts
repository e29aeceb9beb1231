import { ENDPOINTS } from '@docker-flow/certificates';
import { codeSpan } from '@docker-flow/labels';
import type { Endpoint } from '../endpoints-page.js';

/** A request with more parameters than that takes labels. */
const FEW = 4;

/** What the certificates program answers. */
export const CERTIFICATES_ENDPOINTS: readonly Endpoint[] = ENDPOINTS.map(
  ({ method, path, summary, parameters }) => ({
    method,
    path,
    says: `${summary}.`,
    parameters:
      parameters.length <= FEW
        ? parameters.map(({ name }) => codeSpan(name)).join(', ')
        : 'the [labels of certificates](../../LABELS.md#certificates) and the domains of the proxy without `com.df.`',
  }),
);
