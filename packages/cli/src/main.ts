#!/usr/bin/env node
import { NOT_DONE } from './exit-status.js';
import { processIo } from './io.js';
import { run } from './program.js';

try {
  process.exitCode = await run(process.argv.slice(2), processIo(process));
} catch (error) {
  // A mistake of ours; where it is, nobody but us wants to know.
  process.stderr.write(
    `dflow: this is a mistake of the tool: ${error instanceof Error ? error.message : ''}\n`,
  );
  process.exitCode = NOT_DONE;
}
