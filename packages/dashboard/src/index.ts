export { ENDPOINTS } from './api/openapi.js';
export { ENVIRONMENT, SECRET_VARIABLES } from './config/environment.js';
export { createDashboardMetrics } from './metrics.js';
