import { Option, type Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { addStackOptions, collect, FILES } from '../stack-options.js';
import type { LintArguments } from './options.js';

/** `dflow lint`: what is wrong with the labels of a stack. */
export function addLint({ program, io, end }: CommandContext): void {
  addStackOptions(program.command('lint').description('What is wrong with the labels of stacks.'))
    .argument(...FILES)
    .option('--together', 'the stacks run in one cluster')
    .addOption(
      new Option('--format <form>', 'form of the report')
        .choices(['text', 'json', 'github', 'sarif', 'junit', 'codeclimate'])
        .default('text'),
    )
    .option('--strict', 'a warning is enough for status 1')
    .addOption(
      new Option('--level <severity>', 'least severity that is shown')
        .choices(['error', 'warning', 'info'])
        .default('warning'),
    )
    .option('--ignore <code[@service]>', 'leave out a code, everywhere or of one service', collect, [])
    .option('--no-raw', 'the operator says ALLOW_RAW_LABELS=false')
    .option('--proxy-network <name>', 'a network that the proxy is on', collect, [])
    .option('--monitor-network <name>', 'a network that the monitor is on', collect, [])
    .option('--known-label <name>', 'a label of your own that is no misspelling', collect, [])
    .option('--promtool <path>', 'promtool, or never')
    .option('--haproxy <path>', 'haproxy, or never')
    .option('--config <file>', 'these flags as YAML; else .dflowrc.yaml of the working directory')
    .option('--fix', 'mends what has exactly one right answer, in the files')
    .action(async (files: string[], options: LintArguments, command: Command) => {
      const { runLint } = await import('./run-lint.js');
      const { applyConfigFile } = await import('./read-config.js');
      await applyConfigFile(command, options.config);
      end(await runLint(files, command.opts<LintArguments>(), io));
    });
}
