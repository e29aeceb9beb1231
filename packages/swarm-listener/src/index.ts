export { readConfig, type Config } from './config.js';
export { createListener, type Listener } from './listener.js';
// What the reference pages are written from.
export { ENVIRONMENT } from './environment-shape.js';
export { createListenerMetrics } from './metrics.js';
export { createRoutes } from './routes.js';
