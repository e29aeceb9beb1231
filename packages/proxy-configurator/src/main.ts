import { releaseMemoryWhenQuiet } from '@docker-flow/daemon/process/small-heap';
import { stopSignal } from '@docker-flow/daemon/process/lifecycle';

// Before the rest is loaded: a container may be told to stop while it starts.
const stop = stopSignal();
const { runProxy } = await import('./run.js');
const status = await runProxy(process.env, process.argv.slice(2), {
  stop,
  version: process.env['npm_package_version'] ?? '0.1.0',
  onInstalled: releaseMemoryWhenQuiet,
  print: (line) => process.stdout.write(`${line}\n`),
});
process.exit(status);
