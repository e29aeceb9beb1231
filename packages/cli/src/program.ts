import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
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

/** Runs one command line; answers the exit status. Never throws what a user can cause. */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  let status: ExitStatus = FINE;
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
  const end = (ended: ExitStatus) => void (status = ended);
  const context = { program, io, end };
  addLint(context);
  addRender(context);
  addDiff(context);
  addExplain(context);
  addSimulate(context);
  addStatus(context);
  addLabels(context);
  addSchema(context);
  addCompletion(context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? FINE : NOT_DONE;
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
