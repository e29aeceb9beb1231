// What the reference pages are written from; the program itself starts with main.ts.
export { ENVIRONMENT, SECRET_VARIABLES } from './environment-shape.js';
export { createScalerMetrics } from './metrics.js';
export { addReadRoutes } from './read-routes.js';
export { addRoutes } from './routes.js';
