// What the reference pages are written from; the program itself starts with main.ts.
export { ENVIRONMENT, SECRET_VARIABLES } from './config/environment.js';
export { createScalerMetrics } from './metrics.js';
export { addRoutes } from './api/routes.js';
export {
  showTargetShortcuts,
  type ShownTargetShortcut,
} from './core/autoscaling/shortcuts/show-target-shortcuts.js';
export { ENDPOINTS } from './api/openapi.js';
