// What the reference pages are written from; the program itself starts with main.ts.
export { ENVIRONMENT, SECRET_VARIABLES } from './config/environment.js';
export { createCertificatesMetrics } from './metrics.js';
export { ENDPOINTS } from './api/openapi.js';
export { createRoutes } from './api/routes.js';
