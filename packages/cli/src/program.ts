import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { addConvert } from './commands/convert/command.js';
import { addDiff } from './commands/diff/command.js';
import { addExplain } from './commands/explain/command.js';
import { addLabels } from './commands/labels/command.js';
import { addLint } from './commands/lint/command.js';
import { addRender } from './commands/render/command.js';
import { addSchema } from './commands/schema/command.js';
import { addSimulate } from './commands/simulate/command.js';
import { addStatus } from './commands/status/command.js';
import { addCompletion } from './commands/completion/command.js';
import { CannotRunError, FINE, NOT_DONE, type ExitStatus } from './exit-status.js';
import type { Io } from './io.js';

/** The whole command line tool; `end` hears how a command ended. */
export function createProgram(io: Io, end: (ended: ExitStatus) => void): Command {
  const program = new Command('dflow')
    .description('What labels of Docker Swarm services do: before a deployment, and after it.')
    .version(version(), '--version')
    .exitOverride()
    .showSuggestionAfterError()
    .addOption(
      new Option('--color <when>', 'colour in the result')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    )
    .configureHelp({ showGlobalOptions: true })
    .hook('preAction', (_program, command) => {
      command.setOptionValue('color', program.opts<{ readonly color: string }>().color);
    })
    .configureOutput({
      writeOut: (text) => void io.writeResult(text),
      writeErr: (text) => io.writeMessage(text),
    });
  const context = { program, io, end };
  addLint(context);
  addRender(context);
  addDiff(context);
  addExplain(context);
  addSimulate(context);
  addStatus(context);
  addLabels(context);
  addSchema(context);
  addConvert(context);
  addCompletion(context);
  return program;
}

const USAGE = 'dflow COMMAND [FILE…] [options]; dflow --help names the commands';

/** Runs one command line; answers the exit status. Never throws what a user can cause. */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  let status: ExitStatus = FINE;
  const program = createProgram(io, (ended) => void (status = ended));
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.unknownCommand') io.writeMessage(`usage: ${USAGE}\n`);
      return error.exitCode === 0 ? FINE : NOT_DONE;
    }
    if (error instanceof CannotRunError) {
      io.writeMessage(`dflow: ${error.message}\n`);
      return NOT_DONE;
    }
    throw error;
  }
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return version;
}
