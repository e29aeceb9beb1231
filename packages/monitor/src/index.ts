// What the reference pages are written from; the program itself starts with main.ts.
export { builtInShortcut, type BuiltIn } from './core/shortcuts/built-in.js';
export { CONTAINER_SHORTCUTS } from './core/shortcuts/container-shortcuts.js';
export { httpShortcuts } from './core/shortcuts/http-shortcuts.js';
export { nodeShortcuts } from './core/shortcuts/node-shortcuts.js';
export { proxyShortcuts } from './core/shortcuts/proxy-shortcuts.js';
export { type Shortcut } from './core/shortcuts/shortcut.js';
export { ENVIRONMENT } from './config/environment.js';
export { createMonitorMetrics } from './metrics.js';
export { ENDPOINTS } from './api/openapi.js';
