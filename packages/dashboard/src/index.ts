export { openApiDocument } from './api/openapi.js';
export { ADDRESSES, ENVIRONMENT } from './config/environment.js';
export { createDashboardMetrics } from './metrics.js';
