export { readConfig, type Config } from './config/config.js';
export { createProgram, program } from './program.js';
// What the reference pages are written from.
export { ENVIRONMENT } from './config/environment.js';
export { createListenerMetrics } from './metrics.js';
export { createRoutes } from './api/routes.js';
export { ENDPOINTS } from './api/openapi.js';
