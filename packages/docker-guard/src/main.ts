import { stopSignal } from '@docker-flow/daemon/process/lifecycle';

// Before the rest is loaded: a container may be told to stop while it starts.
const stop = stopSignal();
const { readVersion, runProgram } = await import('@docker-flow/daemon/process/run-program');
const { program } = await import('./program.js');
const version = readVersion(new URL('../package.json', import.meta.url));
process.exit(await runProgram(program, { environment: process.env, stop, version }));
