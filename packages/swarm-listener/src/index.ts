export { readConfig, type Config } from './config.js';
export { createListener, type Listener } from './listener.js';
