import type { Command } from 'commander';
import type { ExitStatus } from './exit-status.js';
import type { Io } from './io.js';

/** What a command of the tool needs to add itself. */
export interface CommandContext {
  readonly program: Command;
  readonly io: Io;
  /** Says how the command ended. */
  readonly end: (status: ExitStatus) => void;
}
