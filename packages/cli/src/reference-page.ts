import { Readable } from 'node:stream';
import { codeSpan, markdownTable } from '@docker-flow/labels';
import type { Command, Option } from 'commander';
import { FINDING_CODES } from './lint/findings/finding-codes.js';
import { createProgram } from './program.js';

const INTRODUCTION = `# dflow

<!-- Written by \`pnpm reference-docs\` from the commands and codes in packages/cli. -->

The command line tool says before a deployment what the labels of a stack do, and after it whether they are live. It uses the
programs' own code. The image \`dockerflow/docker-flow-cli\` holds it with both checkers; in this repository it is
\`node packages/cli/dist/main.js\`. How to use it in pipelines: [ci.md](../how-to/ci.md).

A stack file is read as Docker reads it: variables from the environment and \`--env-file\`, anchors, merge keys, both forms of
labels. Each FILE is one stack, called like the file, or \`NAME=FILE\`; \`-c\` merges files into one; \`-\` is standard input.
Nothing is asked over the network unless the command line says an address. Addresses may hold \`user:password@\`; a token may
also come from \`DFLOW_TOKEN\`. Passwords, keys and tokens are never printed.

Status 0: fine. 1: it could be done and the answer is bad. 2: it could not be done; the reason is on standard error.
`;

const FIXES = `\`# dflow-ignore CODE\` on the line of a finding, or above it, leaves it out; so do \`--ignore CODE\` and \`--ignore CODE@SERVICE\`.
\`.dflowrc.yaml\` in the working directory, or what \`--config\` names, holds flags of \`lint\` as YAML (\`strict: true\`).
\`--fix\` mends DF102, DF103, DF105, DF109, DF505 and DF506 in the files and changes nothing else in them.
`;

/** The page of the command line tool. */
export function renderDflowPage(): string {
  const nowhere = {
    stdin: Readable.from([]),
    writeResult: () => Promise.resolve(),
    writeMessage: () => undefined,
    isTerminal: false,
    nowMs: () => 0,
    sleep: () => Promise.resolve(),
    environment: {},
  };
  const program = createProgram(nowhere, () => undefined);
  const codes = Object.entries(FINDING_CODES).map(([code, { severity, meaning }]) => [
    codeSpan(code),
    severity,
    meaning,
  ]);
  return [
    INTRODUCTION,
    ...program.commands.map(renderCommand),
    '## Codes of findings\n',
    FIXES,
    `${markdownTable(['code', 'severity', 'meaning'], codes)}\n`,
  ].join('\n');
}

function renderCommand(command: Command): string {
  const options = command.options.map((option) => [codeSpan(option.flags), describe(option)]);
  const words = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const parts = [
    `## dflow ${command.name()}\n`,
    `${command.description()}\n`,
    `\`dflow ${[command.name(), ...words, ...(options.length > 0 ? ['[options]'] : [])].join(' ')}\`\n`,
    ...(options.length > 0 ? [`${markdownTable(['option', 'meaning'], options)}\n`] : []),
  ];
  return parts.join('\n');
}

function describe({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.map(codeSpan).join(', ')}` : '';
  const isShown = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return `${description}${choices}${isShown ? ` (default: ${codeSpan(String(defaultValue))})` : ''}`;
}
