import { stopSignal } from '@docker-flow/daemon/process/lifecycle';

// Before the rest is loaded: a container may be told to stop while it starts.
const stop = stopSignal();
const { runScaler } = await import('./run.js');
process.exit(await runScaler(process.env, { stop, version: process.env['npm_package_version'] ?? '0.1.0' }));
