// Before everything else: what is loaded earlier makes the heap grow.
import '@docker-flow/daemon/process/small-heap';
import { stopSignal } from '@docker-flow/daemon/process/lifecycle';

// Before the rest is loaded: a container may be told to stop while it starts.
const stop = stopSignal();
const { readVersion, runProgram } = await import('@docker-flow/daemon/process/run-program');
const { scalerProgram } = await import('./scaler.js');
const version = readVersion(new URL('../package.json', import.meta.url));
process.exit(await runProgram(scalerProgram(process.env), { environment: process.env, stop, version }));
