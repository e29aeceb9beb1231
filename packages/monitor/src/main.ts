import { releaseMemoryWhenQuiet } from '@docker-flow/daemon/process/small-heap';
import { stopSignal } from '@docker-flow/daemon/process/lifecycle';

// Before the rest is loaded: a container may be told to stop while it starts.
const stop = stopSignal();
const { runMonitor } = await import('./run.js');
const status = await runMonitor(process.env, {
  stop,
  version: process.env['npm_package_version'] ?? '0.1.0',
  onInstalled: releaseMemoryWhenQuiet,
  print: (line, stream) => process[stream].write(`${line}\n`),
});
process.exit(status);
