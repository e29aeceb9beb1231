import type { Label, Reader } from '../catalogue/label.js';
import { labelListSchema } from './list-schema.js';
import { labelSchema } from './schema.js';
import type { Schema } from './value-schema.js';

/**
 * A JSON Schema (2020-12) of a whole stack file for editors. It says what our labels may be, and leaves everything
 * else to Docker.
 */
export function stackSchema(catalogue: Readonly<Record<Reader, readonly Label[]>>): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A stack file whose services have labels of Docker Flow',
    type: 'object',
    properties: {
      services: { type: ['object', 'null'], additionalProperties: { $ref: '#/$defs/service' } },
    },
    $defs: {
      service: {
        type: ['object', 'null'],
        properties: {
          deploy: { type: ['object', 'null'], properties: { labels: { $ref: '#/$defs/labels' } } },
        },
      },
      labels: {
        description: 'Labels of the service, which Docker Flow reads.',
        type: ['array', 'object', 'null'],
        if: { type: 'array' },
        then: { $ref: '#/$defs/list' },
        else: { if: { type: 'object' }, then: { $ref: '#/$defs/mapping' } },
      },
      list: withoutHead(labelListSchema(catalogue)),
      mapping: withoutHead(labelSchema(catalogue)),
    },
  };
}

function withoutHead(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}
