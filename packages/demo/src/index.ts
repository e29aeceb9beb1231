// What the reference pages are written from; the program itself starts with main.ts.
export { environmentShape } from './config/config.js';
export { measureResponseTimes } from './response-times.js';
export { addRoutes } from './api/routes.js';
