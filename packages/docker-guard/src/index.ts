export { environmentShape } from './config/environment.js';
export { GUARDED_ROUTES } from './core/guarded-request.js';
export { createGuardMetrics } from './metrics.js';
