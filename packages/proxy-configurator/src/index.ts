// What the reference pages are written from; the program itself starts with main.ts.
export { EXPORTER_METRICS } from './core/haproxy-output/exporter-metrics.js';
export { ENVIRONMENT, SECRET_VARIABLES } from './config/environment.js';
export { createProxyMetrics } from './metrics.js';
export { ENDPOINTS } from './api/openapi.js';
export { addRoutes } from './api/routes.js';
