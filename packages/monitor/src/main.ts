import { keepHeapSmall } from './small-heap.js';

keepHeapSmall();
// Only now: what is loaded before the flags are set makes the heap grow.
const { stopSignal } = await import('@docker-flow/daemon/without-docker');
const stop = stopSignal();
const { runMonitor } = await import('./run.js');
const status = await runMonitor(process.env, {
  stop,
  version: process.env['npm_package_version'] ?? '0.1.0',
  print: (line, stream) => process[stream].write(`${line}\n`),
});
process.exit(status);
