import { expect, test } from '@jest/globals';
import { openApiDocument } from './openapi.js';
import { ROUTES } from './routes.js';

test('every route is described, and no other', () => {
  const described = Object.keys(openApiDocument().paths).map((path) => path.replace(/\{([a-z]+)\}/g, ':$1'));
  expect(described.sort()).toEqual([...ROUTES].sort());
});
