// What the reference pages are written from; the program itself starts with main.ts.
export { EXPORTER_METRICS } from './core/exporter-metrics.js';
export { ENVIRONMENT, SECRET_VARIABLES } from './environment-shape.js';
export { createProxyMetrics } from './metrics.js';
export { openApiDocument, type PathItem } from './openapi.js';
export { addRoutes } from './routes.js';
